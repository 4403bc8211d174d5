/**
 * The highest rate at which `holds`, to within a tenth: doubles or halves from `start` until it is between two rates, and
 * then cuts in the middle. Null when it does not hold at `least` either.
 */
export async function searchRate(
  holds: (ratePerSecond: number) => Promise<boolean>,
  { start, least, most }: { start: number; least: number; most: number },
): Promise<number | null> {
  let works: number | null = null;
  let fails: number | null = null;
  let rate = start;
  while (works === null || fails === null) {
    if (await holds(rate)) {
      works = rate;
      if (rate >= most) return rate;
      rate = Math.min(most, rate * 2);
    } else {
      fails = rate;
      if (rate <= least) return null;
      rate = Math.max(least, rate / 2);
    }
  }
  while (works < fails * 0.9) {
    const middle = Math.round((works + fails) / 2);
    if (middle === works || middle === fails) break;
    if (await holds(middle)) works = middle;
    else fails = middle;
  }
  return works;
}
