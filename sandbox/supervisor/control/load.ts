/** `/v1/load…`: see contracts/sandbox/control.ts. */
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#contracts/errors.ts';
import { LoadPlan, LoadRateChange, LoadRun } from '#contracts/sandbox/load.ts';
import type { LoadControl } from '../load/load-control.ts';
import { allow, notFound, readJson, sendJson } from './answers.ts';
import { openEventStream, writeEvent } from './event-stream.ts';

/** `parts` is the path below `/v1/load`. */
export async function routeLoad(
  request: IncomingMessage,
  response: ServerResponse,
  load: LoadControl,
  parts: readonly string[],
): Promise<void> {
  const [run, resource] = parts;
  if (run === undefined) {
    allow(request, 'GET', 'POST');
    if (request.method === 'GET') sendJson(response, 200, await load.list());
    else sendJson(response, 201, await load.start(await readJson(request, LoadPlan)));
    return;
  }
  if (run === 'stream' && resource === undefined) {
    allow(request, 'GET');
    stream(request, response, load);
    return;
  }
  if (!LoadRun.shape.run.safeParse(run).success || parts.length > 2) throw notFound(request.url ?? '');
  if (resource === undefined) {
    allow(request, 'GET', 'PATCH', 'DELETE');
    if (request.method === 'PATCH') {
      sendJson(response, 200, load.changeRate(run, (await readJson(request, LoadRateChange)).ratePerSecond));
    } else if (request.method === 'DELETE') sendJson(response, 202, load.stop(run));
    else sendJson(response, 200, await load.find(run));
    return;
  }
  if (resource !== 'history') throw notFound(request.url ?? '');
  allow(request, 'GET');
  await sendHistory(response, load.historyFile(run), run);
}

function stream(request: IncomingMessage, response: ServerResponse, load: LoadControl): void {
  const stop = load.listen((run) => writeEvent(response, 'load', run));
  openEventStream(request, response, stop);
  const current = load.current();
  if (current !== null) writeEvent(response, 'load', current);
}

async function sendHistory(response: ServerResponse, file: string, run: string): Promise<void> {
  await access(file).catch((cause: unknown) => {
    throw new AppError('not_found', `no history of run ${run} is kept here`, { cause });
  });
  response.writeHead(200, { 'content-type': 'application/jsonl', 'cache-control': 'no-store' });
  // A reader that goes away in the middle is nobody's failure.
  await pipeline(createReadStream(file), response).catch(() => {});
}
