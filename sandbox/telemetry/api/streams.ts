import type { ServerResponse } from 'node:http';
import { AppError, isAppError } from '#contracts/errors.ts';
import { RedQuery } from '#contracts/telemetry/query.ts';
import type { Log } from '#sandbox/log.ts';
import { openEventStream } from '../http/sse.ts';
import type { Answers, Feed } from './answers.ts';
import { filterFromUrl } from './filter-from-url.ts';
import { requireTraceId } from './queries.ts';

/** Answers of the query API that stay open. */
export type StreamDeps = { answers: Answers; log: Log };

export async function openTraceStream(deps: StreamDeps, params: URLSearchParams, response: ServerResponse) {
  const filter = filterFromUrl(params);
  await open(deps, 'trace', response, (signal) => deps.answers.followTraces(filter, signal));
}

export async function openSpanStream(deps: StreamDeps, id: string, response: ServerResponse) {
  const traceId = requireTraceId(id);
  await open(deps, 'spans', response, (signal) => deps.answers.followSpans(traceId, signal));
}

export async function openLogStream(deps: StreamDeps, params: URLSearchParams, response: ServerResponse) {
  const filter = filterFromUrl(params);
  await open(deps, 'logs', response, (signal) => deps.answers.followLogs(filter, signal));
}

export async function openRedStream(deps: StreamDeps, params: URLSearchParams, response: ServerResponse) {
  const parsed = RedQuery.safeParse({
    windowSeconds: numberOf(params, 'windowSeconds'),
    buckets: numberOf(params, 'buckets'),
  });
  if (!parsed.success) throw new AppError('invalid_argument', 'windowSeconds is 5–3600, buckets 1–120');
  await open(deps, 'red', response, (signal) => deps.answers.followRed(parsed.data, signal));
}

/** Opens the stream once the feed is there: a feed that cannot begin is answered with a problem. */
async function open<T>(
  { log }: StreamDeps,
  event: string,
  response: ServerResponse,
  follow: (signal: AbortSignal) => Promise<Feed<T>>,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const feed = await follow(gone.signal);
  if (response.destroyed) return;
  let stop = (): void => undefined;
  const stream = openEventStream(response, () => stop());
  stop = feed({
    send(data) {
      stream.send(event, data);
      return stream.drained();
    },
    fail(error) {
      const reason = isAppError(error) ? error.message : String(error);
      if (!gone.signal.aborted) log.error('stream failed', { event, reason });
      response.destroy();
    },
  });
}

function numberOf(params: URLSearchParams, name: string): number | undefined {
  const text = params.get(name);
  return text === null ? undefined : Number(text);
}
