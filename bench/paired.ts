import { median, percentile } from './statistics.ts';

/** What was measured with something and right before or after it without, in the same surroundings. */
export type Pair = { with: number; without: number };

/** Takes `rounds` pairs one after the other; which comes first changes each time, so that a drift hits both alike. */
export async function pairs<T>(
  rounds: number,
  measure: { with: () => Promise<T>; without: () => Promise<T> },
): Promise<{ with: T; without: T }[]> {
  const found: { with: T; without: T }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const first = await measure.with();
      found.push({ with: first, without: await measure.without() });
    } else {
      const first = await measure.without();
      found.push({ with: await measure.with(), without: first });
    }
  }
  return found;
}

/** The middle, and between which two figures the middle half lies. */
export type Spread = { median: number; from: number; to: number };

export function spreadOf(figures: readonly number[]): Spread {
  return { median: median(figures), from: percentile(figures, 0.25), to: percentile(figures, 0.75) };
}

/** Of the ratios of the pairs; 1 is no overhead. */
export function ratios(found: readonly Pair[]): Spread {
  return spreadOf(found.map((pair) => pair.with / pair.without));
}
