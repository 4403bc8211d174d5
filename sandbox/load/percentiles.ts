import { build } from 'hdr-histogram-js';
import type { LoadLatency } from '#contracts/sandbox/load.ts';

export type Latencies = {
  /** Milliseconds, at least 0. */
  record(ms: number): void;
  summary(): LoadLatency;
  p95(): number | null;
  reset(): void;
};

/**
 * Latencies in an HDR histogram (Gil Tene): constant memory, three significant digits, from a microsecond to days.
 * Percentiles are of everything recorded, never of averages.
 */
export function createLatencies(): Latencies {
  const histogram = build({ numberOfSignificantValueDigits: 3 });
  const at = (percentile: number) =>
    histogram.totalCount === 0 ? null : histogram.getValueAtPercentile(percentile) / 1_000;
  return {
    record: (ms) => histogram.recordValue(Math.max(0, Math.round(ms * 1_000))),
    summary: () => ({
      count: histogram.totalCount,
      p50: at(50),
      p90: at(90),
      p95: at(95),
      p99: at(99),
      max: histogram.totalCount === 0 ? null : histogram.maxValue / 1_000,
    }),
    p95: () => at(95),
    reset: () => histogram.reset(),
  };
}
