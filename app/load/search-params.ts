import { parseAsFloat, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { LoadPlan } from '#contracts/sandbox/load.ts';
import { loadArrivals, loadSagas, usualMix } from '#contracts/sandbox/load-limits.ts';

/** The plan that is being put together and the run that is looked at, in the URL. */
export const loadParsers = {
  rate: parseAsFloat.withDefault(20),
  seconds: parseAsFloat.withDefault(60),
  orders: parseAsInteger,
  seed: parseAsInteger.withDefault(1),
  arrivals: parseAsStringLiteral(loadArrivals).withDefault('poisson'),
  saga: parseAsStringLiteral(loadSagas).withDefault('choreography'),
  happy: parseAsFloat.withDefault(usualMix.happy),
  declined: parseAsFloat.withDefault(usualMix.declined),
  outOfStock: parseAsFloat.withDefault(usualMix.outOfStock),
  slow: parseAsFloat.withDefault(usualMix.slow),
  cancelled: parseAsFloat.withDefault(usualMix.cancelled),
  /** Id of the run that is shown; the newest without. */
  run: parseAsString,
  view: parseAsStringLiteral(['chart', 'table'] as const).withDefault('chart'),
};

type Params = { rate: number; run: string | null; view: string } & Omit<LoadPlan, 'ratePerSecond' | 'mix'> &
  LoadPlan['mix'];

export function planOf({ rate, seconds, orders, seed, arrivals, saga, ...shares }: Params): LoadPlan {
  const { happy, declined, outOfStock, slow, cancelled } = shares;
  const mix = { happy, declined, outOfStock, slow, cancelled };
  return { ratePerSecond: rate, seconds, orders, seed, arrivals, saga, mix };
}

/** Change of the URL for a change of the plan. */
export function paramsOf({ ratePerSecond, mix, ...rest }: Partial<LoadPlan>) {
  return { ...(ratePerSecond === undefined ? {} : { rate: ratePerSecond }), ...mix, ...rest };
}
