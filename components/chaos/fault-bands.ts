import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import { isActive } from '#contracts/sandbox/chaos-limits.ts';

/** Epoch milliseconds. */
export type TimeRange = { fromMs: number; toMs: number };

/** A span of time in which a fault was on, as far as it lies within what is shown. */
export type FaultBand = TimeRange & {
  /** Id of the fault. */
  id: string;
  title: string;
  /** Process, or edge as from-to-protocol. */
  target: string;
  /** It still goes on. */
  active: boolean;
  /** When it was armed and, unless it goes on, when it was found gone: also outside of what is shown. */
  whole: { fromMs: number; toMs: number | null };
};

/**
 * Faults of the range as bands, earliest first. `place` keeps those that a process felt, as their target or within their
 * blast radius, or that were on an edge; null keeps all.
 */
export function faultBands(faults: readonly FaultRun[], range: TimeRange, place: string | null = null): FaultBand[] {
  return faults
    .filter(({ target, touches }) => place === null || target === place || touches.includes(place))
    .flatMap((run) => {
      const active = isActive(run);
      const fromMs = Date.parse(run.armedAt);
      const toMs = run.endedAt === null ? null : Date.parse(run.endedAt);
      const end = active ? range.toMs : (toMs ?? fromMs);
      if (fromMs > range.toMs || end < range.fromMs) return [];
      return [
        {
          id: run.id,
          title: run.title,
          target: run.target,
          active,
          fromMs: Math.max(fromMs, range.fromMs),
          toMs: Math.min(end, range.toMs),
          whole: { fromMs, toMs: active ? null : toMs },
        },
      ];
    })
    .sort((a, b) => a.whole.fromMs - b.whole.fromMs);
}

/** Bands of a sparkline, as shares of its width: faults that `place` felt between its first and its last point. */
export function seriesBands(faults: readonly FaultRun[], series: readonly { atMs: number }[], place: string) {
  const [fromMs, toMs] = [series[0]?.atMs, series.at(-1)?.atMs];
  if (fromMs === undefined || toMs === undefined || toMs <= fromMs) return [];
  const share = (ms: number) => (ms - fromMs) / (toMs - fromMs);
  return faultBands(faults, { fromMs, toMs }, place).map((band) => ({
    from: share(band.fromMs),
    to: share(band.toMs),
    text: `${band.title} on ${band.target}${band.active ? ', still on' : ''}`,
  }));
}

/** Row of each band: those that overlap lie below each other. They come in the order of time. */
export function bandRows(bands: readonly TimeRange[]): number[] {
  const ends: number[] = [];
  return bands.map(({ fromMs, toMs }) => {
    const free = ends.findIndex((end) => end <= fromMs);
    const row = free < 0 ? ends.length : free;
    ends[row] = toMs;
    return row;
  });
}

/** Spans in which anything was on, without overlaps: a shade that is as dark for two faults as for one. */
export function covered(bands: readonly TimeRange[]): TimeRange[] {
  const spans: TimeRange[] = [];
  for (const { fromMs, toMs } of bands.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = spans.at(-1);
    if (last !== undefined && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else spans.push({ fromMs, toMs });
  }
  return spans;
}
