import { loadLimits } from '#contracts/sandbox/load-limits.ts';

/** Rates of the slider, per second: about three to a doubling, so that one step is felt alike everywhere. */
export const rates = [
  0.1, 0.2, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 70, 100, 150, 200, 300, 400, 500, 700, 1_000,
] as const;

/** Step of the slider that is nearest to a rate, by ratio. */
export function stepOf(rate: number): number {
  const { least, most } = loadLimits.ratePerSecond;
  const wanted = Math.log(Math.min(most, Math.max(least, Number.isFinite(rate) ? rate : least)));
  const distances = rates.map((candidate) => Math.abs(Math.log(candidate) - wanted));
  return distances.indexOf(Math.min(...distances));
}

export function rateAt(step: number): number {
  return rates[step] ?? rates[0];
}
