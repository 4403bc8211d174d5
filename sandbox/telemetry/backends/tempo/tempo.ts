import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import type { SpanRecord } from '../../records.ts';
import { ask, askReady, type Backend } from '../ask.ts';
import { decodeTrace } from './decode-trace.ts';

/** Tempo 3, of its HTTP API what is used: https://grafana.com/docs/tempo/latest/api_docs/ */
export type Tempo = {
  backend: Backend;
  /** The newest `limit` traces with spans in [fromNano, toNano) that a TraceQL query selects, newest first. */
  search(range: TraceRange, signal: AbortSignal): Promise<FoundTrace[]>;
  /** Spans of a trace by start; null when Tempo has none of it. */
  trace(traceId: string, signal: AbortSignal): Promise<SpanRecord[] | null>;
  /** Values of an attribute or intrinsic, as TraceQL names it. */
  values(name: string, signal: AbortSignal): Promise<string[]>;
  ready(signal: AbortSignal): Promise<void>;
};

export type TraceRange = { query: string; fromNano: bigint; toNano: bigint; limit: number };

/** What a search tells of a trace. `size` is how many spans are known of it; null when Tempo does not say. */
export type FoundTrace = { traceId: string; startNano: bigint; durationMs: number; size: number | null };

const Found = z.object({
  traceID: z.string().regex(/^[0-9a-f]{1,32}$/i),
  startTimeUnixNano: z.string().regex(/^\d{1,19}$/),
  durationMs: z.number().default(0),
  serviceStats: z.record(z.string(), z.object({ spanCount: z.int().default(0) })).optional(),
});
const SearchAnswer = z.object({ traces: z.array(Found).default([]) });
const TraceAnswer = z.object({ trace: z.object({ resourceSpans: z.array(z.unknown()).optional() }).optional() });
const ValuesAnswer = z.object({ tagValues: z.array(z.object({ value: z.string() })).default([]) });

export function createTempo(url: string): Tempo {
  const backend: Backend = { name: 'Tempo', url };
  const noTempo = () => new AppError('dependency_failed', `there is no Tempo at ${url}: it answers 404`);
  return {
    backend,
    async search({ query, fromNano, toNano, limit }, signal) {
      const answer = await ask(backend, {
        path: '/api/search',
        params: {
          // Without the hint Tempo answers with whatever it finds first.
          q: `${query} with (most_recent=true)`,
          start: String(fromNano / 1_000_000_000n),
          end: String((toNano + 999_999_999n) / 1_000_000_000n),
          limit: String(limit),
          spss: '1',
        },
        schema: SearchAnswer,
        signal,
      });
      if (answer === null) throw noTempo();
      return answer.traces.map(toFound).sort((a, b) => (a.startNano > b.startNano ? -1 : 1));
    },
    async trace(traceId, signal) {
      const answer = await ask(backend, { path: `/api/v2/traces/${traceId}`, schema: TraceAnswer, signal });
      const spans = decodeTrace(answer?.trace ?? {});
      return spans.length === 0 ? null : spans;
    },
    async values(name, signal) {
      const path = `/api/v2/search/tag/${encodeURIComponent(name)}/values`;
      const answer = await ask(backend, { path, schema: ValuesAnswer, signal });
      if (answer === null) throw noTempo();
      return answer.tagValues.map(({ value }) => value);
    },
    ready: (signal) => askReady(backend, '/ready', signal),
  };
}

function toFound({ traceID, startTimeUnixNano, durationMs, serviceStats }: z.output<typeof Found>): FoundTrace {
  return {
    // Leading zeros are left out.
    traceId: traceID.toLowerCase().padStart(32, '0'),
    startNano: BigInt(startTimeUnixNano),
    durationMs,
    size: serviceStats === undefined ? null : Object.values(serviceStats).reduce((sum, one) => sum + one.spanCount, 0),
  };
}
