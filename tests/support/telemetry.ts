import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { type LogRecord, LogSearchResult, type Span, Trace, TraceSearchResult } from '#contracts/telemetry/query.ts';
import type { Fleet } from './fleet.ts';

/** Questions to the telemetry store of a fleet. */
export type Telemetry = {
  /** Spans of a trace, null while it is unknown. */
  trace: (traceId: string) => Promise<Span[] | null>;
  logsOfTrace: (traceId: string) => Promise<LogRecord[]>;
  /** Spans that carry the fault's id. */
  touchedBy: (faultId: string) => Promise<Span[]>;
};

export function openTelemetry(fleet: Fleet): Telemetry {
  const request = async (path: string, body?: unknown): Promise<Response> =>
    fetch(fleet.state().endpoints.telemetry + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${fleet.secrets().telemetryToken}`, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
  const trace = async (traceId: string) => {
    const response = await request(`/api/traces/${traceId}`);
    return response.status === 404 ? null : Trace.parse(await response.json()).spans;
  };
  return {
    trace,
    touchedBy: async (faultId) => {
      const response = await request('/api/traces/search', {
        range: { fromMs: 0, toMs: null },
        filter: { conditions: [{ field: names.chaosFaultId, op: 'eq', value: faultId }], text: null },
        limit: 50,
      });
      const { traces } = TraceSearchResult.parse(await response.json());
      const spans = await Promise.all(traces.map(async ({ traceId }) => (await trace(traceId)) ?? []));
      return spans.flat().filter(({ attributes }) => attributes[names.chaosFaultId] === faultId);
    },
    logsOfTrace: async (traceId) => {
      const response = await request('/api/logs/search', {
        range: { fromMs: 0, toMs: null },
        filter: { conditions: [{ field: 'traceId', op: 'eq', value: traceId }], text: null },
        limit: 1000,
      });
      return LogSearchResult.parse(await response.json()).logs;
    },
  };
}
