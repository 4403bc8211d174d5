import { durationText } from '#components/format/duration.ts';
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

/** Faults that are on at this process or edge now. */
export function faultsOn(faults: readonly FaultRun[], target: string): FaultRun[] {
  return faults.filter((run) => run.target === target && isActive(run));
}

/** One band in words, counted from an instant: `Crash on billing, from 1.2 s to 3 s`. */
export function bandText({ title, target, whole }: FaultBand, originMs: number): string {
  const from = offset(whole.fromMs - originMs);
  return `${title} on ${target}, ${whole.toMs === null ? `since ${from}, still on` : `from ${from} to ${offset(whole.toMs - originMs)}`}`;
}

/** All bands as a sentence for readers who do not see them; empty without any. */
export function bandsText(bands: readonly FaultBand[], originMs: number): string {
  if (bands.length === 0) return '';
  return `Faults on purpose: ${bands.map((band) => bandText(band, originMs)).join('; ')}.`;
}

function offset(ms: number): string {
  return ms < 0 ? `−${durationText(-ms)}` : durationText(ms);
}
