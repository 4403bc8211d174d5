import { isAppError } from '#contracts/errors.ts';
import {
  type Condition,
  LogSearchResult,
  type Span,
  Trace,
  TraceSearchResult,
  type TraceSummary,
} from '#contracts/telemetry/query.ts';
import { askJson } from './ask-json.ts';

export type TraceSource = {
  /** Spans of a trace; null when the store holds none (any more). */
  spans(traceId: string): Promise<Span[] | null>;
  /** The newest traces with a span that meets every condition. */
  search(conditions: readonly Condition[], limit: number): Promise<TraceSummary[]>;
  /** Where a text occurs in logs and spans of the last minutes: a word for each place, none when it is nowhere. */
  placesOf(text: string, sinceMs: number): Promise<string[]>;
};

/**
 * The telemetry store as evidence. Throws `unavailable`. Searches are partial: read from Tempo, the store looks through
 * the newest traces only for what TraceQL has no words for, and half an answer is more evidence than a refusal.
 */
export function openTraces({ url, token }: { url: string; token: string }): TraceSource {
  return {
    async spans(traceId) {
      try {
        return (await askJson(Trace, { url: `${url}/api/traces/${traceId}`, token })).spans;
      } catch (error) {
        if (isAppError(error, 'not_found')) return null;
        throw error;
      }
    },
    async search(conditions, limit) {
      // OBS3 is right with part of them: the faults that it judges send their marks themselves, and Tempo finds those.
      const body = { range: { fromMs: 0, toMs: null }, filter: { conditions, text: null }, limit, partial: true };
      return (await askJson(TraceSearchResult, { url: `${url}/api/traces/search`, token, body })).traces;
    },
    async placesOf(text, sinceMs) {
      const query = { range: { fromMs: sinceMs, toMs: null }, filter: { conditions: [], text }, limit: 1 };
      const [logs, traces] = await Promise.all([
        askJson(LogSearchResult, { url: `${url}/api/logs/search`, token, body: query }),
        askJson(TraceSearchResult, { url: `${url}/api/traces/search`, token, body: { ...query, partial: true } }),
      ]);
      return [
        ...logs.logs.map(({ service, body }) => `a log line of ${service} (“${body.slice(0, 60)}”)`),
        ...traces.traces.map(({ traceId }) => `a span of trace ${traceId}`),
      ];
    },
  };
}
