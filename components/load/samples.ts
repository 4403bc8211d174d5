import { bandText } from '#components/chaos/band-text.ts';
import { faultBands } from '#components/chaos/fault-bands.ts';
import type { ChartBand } from '#components/charts/time-chart.tsx';
import { durationText } from '#components/format/duration.ts';
import { perSecond } from '#components/format/number.ts';
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import type { LoadRun, LoadSample } from '#contracts/sandbox/load.ts';
import { isOver } from '#contracts/sandbox/load-limits.ts';

/** Samples that are complete: the running one would read as a drop. */
export function completeSamples(run: Pick<LoadRun, 'samples' | 'phase'>): readonly LoadSample[] {
  return isOver(run) ? run.samples : run.samples.slice(0, -1);
}

export type LoadPoint = {
  seconds: number;
  due: number;
  accepted: number;
  ended: number;
  failed: number;
  acceptedP95: number | null;
  sagaP95: number | null;
};

/** Counts as rates per second, percentiles in milliseconds. */
export function toPoints(samples: readonly LoadSample[]): LoadPoint[] {
  return samples.map((sample) => ({
    seconds: sample.fromSeconds,
    due: sample.due / sample.seconds,
    accepted: sample.ok / sample.seconds,
    ended: sample.ended / sample.seconds,
    failed: (sample.fail + sample.info) / sample.seconds,
    acceptedP95: sample.acceptedP95Ms,
    sagaP95: sample.sagaP95Ms,
  }));
}

/** Faults that were on while it was measured, in seconds after the start. */
export function loadBands(
  faults: readonly FaultRun[],
  { startedAt }: Pick<LoadRun, 'startedAt'>,
  points: readonly LoadPoint[],
): ChartBand[] {
  const originMs = Date.parse(startedAt);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return [];
  const range = { fromMs: originMs + first.seconds * 1_000, toMs: originMs + last.seconds * 1_000 };
  return faultBands(faults, range).map((band) => ({
    id: band.id,
    from: (band.fromMs - originMs) / 1_000,
    to: (band.toMs - originMs) / 1_000,
    text: bandText(band, originMs),
  }));
}

/** What the throughput chart shows, as a sentence. */
export function throughputCaption(points: readonly LoadPoint[]): string {
  const last = points.at(-1);
  if (last === undefined) return 'Nothing measured yet.';
  const top = Math.max(...points.map(({ ended }) => ended));
  return `At ${last.seconds} s: ${perSecond(last.due)} due, ${perSecond(last.accepted)} accepted, ${perSecond(last.ended)} ended per second; at most ${perSecond(top)} ended per second.`;
}

/** What the latency chart shows, as a sentence. */
export function latencyCaption(points: readonly LoadPoint[]): string {
  const accepted = points.flatMap(({ acceptedP95 }) => acceptedP95 ?? []);
  const saga = points.flatMap(({ sagaP95 }) => sagaP95 ?? []);
  if (accepted.length === 0) return 'Nothing measured yet.';
  const worst = (values: readonly number[]) => (values.length === 0 ? 'nothing' : durationText(Math.max(...values)));
  return `Worst p95 of a span: accepted after ${worst(accepted)}, saga ended after ${worst(saga)}.`;
}
