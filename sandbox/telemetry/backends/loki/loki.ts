import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { ask, askReady, type Backend } from '../ask.ts';
import type { Line } from './log-line.ts';

/** Loki 3, of its HTTP API what is used: https://grafana.com/docs/loki/latest/reference/loki-http-api/ */
export type Loki = {
  backend: Backend;
  /** Lines in [fromNano, toNano), the newest or the oldest `limit` of them, in that order. */
  lines(range: LineRange, signal: AbortSignal): Promise<Line[]>;
  /** Result of a metric query at an instant: its labels and its value. */
  counts(query: string, signal: AbortSignal): Promise<{ labels: Record<string, string>; count: number }[]>;
  ready(signal: AbortSignal): Promise<void>;
};

export type LineRange = { query: string; fromNano: bigint; toNano: bigint; order: 'newest' | 'oldest'; limit: number };

/** `limits_config.max_entries_limit_per_query`. */
export const mostLines = 5000;

const Labels = z.record(z.string(), z.string());
const Entry = z.tuple([z.string(), z.string()]).rest(z.unknown());
const Metadata = z.object({ structuredMetadata: Labels.optional(), parsed: Labels.optional() });
const Streams = z.object({
  data: z.object({
    resultType: z.literal('streams'),
    result: z.array(z.object({ stream: Labels, values: z.array(Entry) })),
  }),
});
const Vector = z.object({
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: Labels, value: z.tuple([z.number(), z.string()]) })),
  }),
});

export function createLoki(url: string): Loki {
  const backend: Backend = { name: 'Loki', url };
  const found = <T>(answer: T | null): T => {
    if (answer === null) throw new AppError('dependency_failed', `there is no Loki at ${url}: it answers 404`);
    return answer;
  };
  return {
    backend,
    async lines({ query, fromNano, toNano, order, limit }, signal) {
      const answer = await ask(backend, {
        path: '/loki/api/v1/query_range',
        params: {
          query,
          start: String(fromNano),
          end: String(toNano),
          limit: String(limit),
          direction: order === 'newest' ? 'backward' : 'forward',
        },
        // Labels of the stream and of the line apart: one stream per process, and not one per line.
        headers: { 'x-loki-response-encoding-flags': 'categorize-labels' },
        schema: Streams,
        signal,
      });
      return found(answer).data.result.flatMap(({ stream, values }) => values.map((entry) => toLine(stream, entry)));
    },
    async counts(query, signal) {
      const answer = await ask(backend, { path: '/loki/api/v1/query', params: { query }, schema: Vector, signal });
      return found(answer).data.result.map(({ metric, value }) => ({ labels: metric, count: Number(value[1]) }));
    },
    ready: (signal) => askReady(backend, '/ready', signal),
  };
}

function toLine(stream: Record<string, string>, [time, text, metadata]: z.output<typeof Entry>): Line {
  if (!/^\d{1,19}$/.test(time)) throw new AppError('dependency_failed', `Loki gives a line the time “${time}”`);
  const { structuredMetadata = {} } = Metadata.safeParse(metadata ?? {}).data ?? {};
  return { timeNano: BigInt(time), text, labels: { ...stream, ...structuredMetadata } };
}
