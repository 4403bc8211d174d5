/** What becomes of the orders of a burst. */
export const burstKinds = ['happy', 'declined', 'outOfStock'] as const;
export type BurstKind = (typeof burstKinds)[number];

/** Weights, in any scale; only their proportion counts. */
export type BurstMix = Record<BurstKind, number>;

export type BurstPlan = {
  count: number;
  ratePerSecond: number;
  /** The same seed and catalogue make the same orders. */
  seed: number;
  mix: BurstMix;
};

export const burstLimits = { count: 200, ratePerSecond: 50, seed: 999_999 } as const;

/** How many of `count` orders are of each kind: exact proportions, the largest remainders rounded up. */
export function splitCount(count: number, mix: BurstMix): Record<BurstKind, number> {
  const whole = burstKinds.reduce((sum, kind) => sum + Math.max(0, mix[kind]), 0);
  // Without any weight everything works: a burst of nothing helps nobody.
  if (whole === 0) return { happy: count, declined: 0, outOfStock: 0 };
  const shares = burstKinds.map((kind) => ({ kind, exact: (count * Math.max(0, mix[kind])) / whole }));
  const split = Object.fromEntries(shares.map(({ kind, exact }) => [kind, Math.floor(exact)])) as Record<
    BurstKind,
    number
  >;
  const missing = count - burstKinds.reduce((sum, kind) => sum + split[kind], 0);
  const byRemainder = [...shares].sort((a, b) => (b.exact % 1) - (a.exact % 1));
  for (const { kind } of byRemainder.slice(0, missing)) split[kind]++;
  return split;
}

/** The kinds of a burst in the order in which they are placed: `splitCount`, shuffled by the seed. */
export function burstSequence({ count, seed, mix }: Pick<BurstPlan, 'count' | 'seed' | 'mix'>): BurstKind[] {
  const split = splitCount(count, mix);
  const sequence = burstKinds.flatMap((kind) => Array.from({ length: split[kind] }, () => kind));
  const random = seededRandom(seed);
  for (let last = sequence.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const [a, b] = [sequence[last], sequence[other]];
    if (a !== undefined && b !== undefined) [sequence[last], sequence[other]] = [b, a];
  }
  return sequence;
}

/** Numbers in [0, 1) that depend on the seed only (mulberry32, Tommy Ettinger, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
