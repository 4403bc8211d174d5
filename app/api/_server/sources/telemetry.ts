import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import {
  Facet,
  type Filter,
  type LogQuery,
  LogRecord,
  LogSearchResult,
  type RedQuery,
  RedResult,
  Span,
  StoreStats,
  Trace,
  type TraceQuery,
  TraceSearchResult,
  TraceSummary,
} from '#contracts/telemetry/query.ts';
import { sendJson } from './http.ts';
import { serverSentEvents } from './sse.ts';

export type TelemetrySource = ReturnType<typeof telemetrySource>;

/** Client of the telemetry store's query API (contracts/telemetry/query.ts). Throws AppErrors. */
export function telemetrySource({ url, token }: { url: string; token: string }) {
  const at = (path: string, signal?: AbortSignal) => ({ process: 'telemetry', url: `${url}${path}`, token, signal });
  const query = <S extends z.ZodType>(schema: S, path: string, body: unknown, signal?: AbortSignal) =>
    sendJson(schema, { ...at(path, signal), method: 'POST', body });
  async function* events<S extends z.ZodType>(
    schema: S,
    name: string,
    path: string,
    signal: AbortSignal,
    onOpen?: () => void,
  ) {
    for await (const { event, data } of serverSentEvents(at(path, signal))) {
      if (event === 'open') onOpen?.();
      if (event !== name) continue;
      const parsed = schema.safeParse(JSON.parse(data));
      if (!parsed.success) throw new AppError('dependency_failed', 'telemetry streamed something unknown');
      yield parsed.data as z.infer<S>;
    }
  }
  return {
    searchTraces: (search: TraceQuery, signal?: AbortSignal) =>
      query(TraceSearchResult, '/api/traces/search', search, signal),
    trace: (traceId: string, signal?: AbortSignal) =>
      sendJson(Trace, { ...at(`/api/traces/${encodeURIComponent(traceId)}`, signal), deadlineMs: 15_000 }),
    searchLogs: (search: LogQuery, signal?: AbortSignal) => query(LogSearchResult, '/api/logs/search', search, signal),
    red: (window: RedQuery, signal?: AbortSignal) => query(RedResult, '/api/red', window, signal),
    facets: (signalName: 'traces' | 'logs', field: string, signal?: AbortSignal) =>
      sendJson(z.array(Facet), at(`/api/facets?signal=${signalName}&field=${encodeURIComponent(field)}`, signal)),
    stats: (signal?: AbortSignal) => sendJson(StoreStats, at('/api/stats', signal)),
    /** Traces that are new or have grown. `search` is the query string of the endpoint. */
    traceStream: (search: URLSearchParams, signal: AbortSignal, onOpen?: () => void) =>
      events(TraceSummary, 'trace', `/api/stream/traces?${search}`, signal, onOpen),
    /** Spans of one trace: all known first, then as they arrive. */
    spanStream: (traceId: string, signal: AbortSignal, onOpen?: () => void) =>
      events(z.array(Span), 'spans', `/api/stream/traces/${encodeURIComponent(traceId)}`, signal, onOpen),
    /** Null once the store sends whatever arrives from then on, then batches in order of arrival. */
    async *logTail(filter: Filter, signal: AbortSignal): AsyncGenerator<LogRecord[] | null> {
      const path = `/api/stream/logs?${new URLSearchParams({ filter: JSON.stringify(filter) })}`;
      for await (const { event, data } of serverSentEvents(at(path, signal))) {
        if (event === 'open') yield null;
        else if (event === 'logs') yield z.array(LogRecord).parse(JSON.parse(data));
      }
    },
    logStream: (search: URLSearchParams, signal: AbortSignal) =>
      events(z.array(LogRecord), 'logs', `/api/stream/logs?${search}`, signal),
    /** Rate, errors, duration once a second. */
    redStream: (windowSeconds: number, signal: AbortSignal, onOpen?: () => void) =>
      events(RedResult, 'red', `/api/stream/red?windowSeconds=${windowSeconds}`, signal, onOpen),
  };
}
