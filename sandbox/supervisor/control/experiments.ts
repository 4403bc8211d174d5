/** `/v1/experiments…`: see contracts/sandbox/experiments.ts. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ExperimentOrder, ExperimentRun } from '#contracts/sandbox/experiments.ts';
import { reportHtml } from '../../experiments/report/html-report.ts';
import type { ExperimentControl } from '../experiments/experiment-control.ts';
import { allow, notFound, readJson, sendJson } from './answers.ts';
import { openEventStream, writeEvent } from './event-stream.ts';

const streamEveryMs = 500;

/** `parts` is the path below `/v1/experiments`. */
export async function routeExperiments(
  request: IncomingMessage,
  response: ServerResponse,
  experiments: ExperimentControl,
  parts: readonly string[],
): Promise<void> {
  const [resource, run, view] = parts;
  if (resource === undefined) {
    allow(request, 'GET');
    return sendJson(response, 200, await experiments.ready());
  }
  if (resource === 'stream' && run === undefined) {
    allow(request, 'GET');
    return stream(request, response, experiments);
  }
  if (resource !== 'runs' || parts.length > 3) throw notFound(request.url ?? '');
  if (run === undefined) {
    allow(request, 'GET', 'POST');
    if (request.method === 'GET') return sendJson(response, 200, await experiments.list());
    return sendJson(response, 201, await experiments.start(await readJson(request, ExperimentOrder)));
  }
  if (!ExperimentRun.shape.run.safeParse(run).success) throw notFound(request.url ?? '');
  if (view === undefined) {
    allow(request, 'GET', 'DELETE');
    if (request.method === 'DELETE') return sendJson(response, 202, experiments.stop(run));
    return sendJson(response, 200, await experiments.find(run));
  }
  if (view !== 'report') throw notFound(request.url ?? '');
  allow(request, 'GET');
  const found = await experiments.find(run);
  const other = found.comparison === null ? null : await experiments.find(found.comparison.other).catch(() => null);
  const html = reportHtml(found, other);
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(html);
}

/** What is now and after each change; hits come several times a second and are told at most twice. */
function stream(request: IncomingMessage, response: ServerResponse, experiments: ExperimentControl): void {
  let timer: NodeJS.Timeout | null = null;
  // By run: the last word on one must not be lost because the next has begun.
  const newest = new Map<string, ExperimentRun>();
  const tell = () => {
    timer = null;
    if (newest.size === 0) return;
    for (const run of newest.values()) writeEvent(response, 'experiment', run);
    newest.clear();
    timer = setTimeout(tell, streamEveryMs);
  };
  const stop = experiments.listen((run) => {
    newest.set(run.run, run);
    if (timer === null) tell();
  });
  openEventStream(request, response, () => {
    stop();
    if (timer !== null) clearTimeout(timer);
  });
  const current = experiments.current();
  if (current !== null) writeEvent(response, 'experiment', current);
}
