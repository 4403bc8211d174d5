/** What the browser needs of load.ts as values; without zod, which it must not carry. */

/** What an order of the load is made to run into. */
export const loadKinds = ['happy', 'declined', 'outOfStock', 'slow', 'cancelled'] as const;
export type LoadKind = (typeof loadKinds)[number];

export const loadLimits = {
  ratePerSecond: { least: 0.1, most: 1_000 },
  seconds: 3_600,
  /** Of one run; rate × seconds may not be more. */
  orders: 100_000,
  seed: 2 ** 32 - 1,
} as const;

export const loadArrivals = ['poisson', 'constant'] as const;
export const loadSagas = ['choreography', 'orchestration', 'both'] as const;

export const usualMix = { happy: 76, declined: 12, outOfStock: 4, slow: 4, cancelled: 4 } as const satisfies Record<
  LoadKind,
  number
>;

export const loadPhases = ['placing', 'settling', 'finished', 'stopped', 'failed'] as const;
export type LoadPhase = (typeof loadPhases)[number];

/** True once nothing more changes. */
export function isOver({ phase }: { phase: LoadPhase }): boolean {
  return phase === 'finished' || phase === 'stopped' || phase === 'failed';
}
