import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { ask, askReady, type Backend } from '../ask.ts';

export type Sample = { labels: Readonly<Record<string, string>>; value: number };
export type Series = { labels: Readonly<Record<string, string>>; points: { atMs: number; value: number }[] };

/** Prometheus 3, of its HTTP API what is used: https://prometheus.io/docs/prometheus/latest/querying/api/ */
export type Prometheus = {
  backend: Backend;
  instant(query: string, atMs: number, signal: AbortSignal): Promise<Sample[]>;
  range(
    query: string,
    range: { fromMs: number; toMs: number; stepSeconds: number },
    signal: AbortSignal,
  ): Promise<Series[]>;
  ready(signal: AbortSignal): Promise<void>;
};

const Labels = z.record(z.string(), z.string());
const Point = z.tuple([z.number(), z.string()]);
const Vector = z.object({
  data: z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: Labels, value: Point })) }),
});
const Matrix = z.object({
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: Labels, values: z.array(Point) })),
  }),
});

export function createPrometheus(url: string): Prometheus {
  const backend: Backend = { name: 'Prometheus', url };
  const found = <T>(answer: T | null): T => {
    if (answer === null) throw new AppError('dependency_failed', `there is no Prometheus at ${url}: it answers 404`);
    return answer;
  };
  return {
    backend,
    async instant(query, atMs, signal) {
      const params = { query, time: seconds(atMs) };
      const answer = await ask(backend, { path: '/api/v1/query', params, schema: Vector, signal });
      return found(answer).data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
    async range(query, { fromMs, toMs, stepSeconds }, signal) {
      const params = { query, start: seconds(fromMs), end: seconds(toMs), step: String(stepSeconds) };
      const answer = await ask(backend, { path: '/api/v1/query_range', params, schema: Matrix, signal });
      return found(answer).data.result.map(({ metric, values }) => ({
        labels: metric,
        points: values.map(([at, value]) => ({ atMs: Math.round(at * 1000), value: Number(value) })),
      }));
    },
    ready: (signal) => askReady(backend, '/-/ready', signal),
  };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
