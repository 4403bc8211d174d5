import type { ServerResponse } from 'node:http';
import { AppError } from '#contracts/errors.ts';
import { RedQuery } from '#contracts/telemetry/query.ts';
import { openEventStream } from '../http/sse.ts';
import type { Hub } from '../live/hub.ts';
import { streamLogs } from '../live/stream-logs.ts';
import { streamSpans } from '../live/stream-spans.ts';
import { streamTraces } from '../live/stream-traces.ts';
import type { TraceWindow } from '../live/window.ts';
import { readTracePart, readTraceSpans } from '../queries/read-trace.ts';
import type { RedTable } from '../red/red.ts';
import type { Store } from '../store/store.ts';
import { filterFromUrl } from './filter-from-url.ts';
import { requireTraceId } from './queries.ts';

/** Answers of the query API that stay open. */
export type StreamDeps = { store: Store; red: RedTable; hub: Hub; window: TraceWindow };

export function openTraceStream({ store, hub, window }: StreamDeps, params: URLSearchParams, response: ServerResponse) {
  const filter = filterFromUrl(params);
  const stream = openEventStream(response, () => stop());
  const stop = streamTraces({
    hub,
    window,
    filter,
    lookUp: (traceId) => store.read(AbortSignal.timeout(2000), (read) => readTracePart(read, traceId)),
    send: (summary) => stream.send('trace', summary),
  });
}

export async function openSpanStream(deps: StreamDeps, id: string, response: ServerResponse, signal: AbortSignal) {
  const traceId = requireTraceId(id);
  let stop = (): void => undefined;
  const stream = openEventStream(response, () => stop());
  const started = await streamSpans({
    hub: deps.hub,
    traceId,
    known: async () => (await deps.store.read(signal, (read) => readTraceSpans(read, traceId)))?.spans ?? [],
    send: (spans) => {
      stream.send('spans', spans);
      return stream.drained();
    },
  });
  if (response.destroyed) started();
  else stop = started;
}

export function openLogStream({ hub }: StreamDeps, params: URLSearchParams, response: ServerResponse) {
  const filter = filterFromUrl(params);
  const stream = openEventStream(response, () => stop());
  const stop = streamLogs(hub, filter, (logs) => stream.send('logs', logs));
}

export function openRedStream({ red }: StreamDeps, params: URLSearchParams, response: ServerResponse) {
  const parsed = RedQuery.safeParse({
    windowSeconds: numberOf(params, 'windowSeconds'),
    buckets: numberOf(params, 'buckets'),
  });
  if (!parsed.success) throw new AppError('invalid_argument', 'windowSeconds is 5–3600, buckets 1–120');
  const { windowSeconds, buckets } = parsed.data;
  const stream = openEventStream(response, () => clearInterval(timer));
  const push = (): void => stream.send('red', red.query(windowSeconds, buckets));
  const timer = setInterval(push, 1000);
  push();
}

function numberOf(params: URLSearchParams, name: string): number | undefined {
  const text = params.get(name);
  return text === null ? undefined : Number(text);
}
