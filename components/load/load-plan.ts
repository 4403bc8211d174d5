import type { LoadPlan } from '#contracts/sandbox/load.ts';
import { type LoadKind, loadKinds, loadLimits, usualMix } from '#contracts/sandbox/load-limits.ts';

export const kindTexts: Record<LoadKind, { label: string; ending: string }> = {
  happy: { label: 'Everything works', ending: 'confirmed' },
  declined: { label: 'Declined card', ending: 'cancelled, stock released' },
  outOfStock: { label: 'Out of stock', ending: 'cancelled, nothing charged' },
  slow: { label: 'Slow provider', ending: 'confirmed, later' },
  cancelled: { label: 'Cancelled by the customer', ending: 'cancelled, unless too late' },
};

/** What is wrong with a plan, by field; null where nothing is. The supervisor has the last word. */
export function faultsOf(plan: LoadPlan) {
  const { ratePerSecond: rate, seconds, orders, seed } = loadLimits;
  const most = ordersOf(plan);
  return {
    rate: within(plan.ratePerSecond, rate.least, rate.most) ? null : `${rate.least} to ${rate.most}`,
    seconds: within(plan.seconds, 1, seconds)
      ? most > orders
        ? `rate × time is above ${orders} orders`
        : null
      : `1 to ${seconds}`,
    orders: plan.orders === null || whole(plan.orders, 1, orders) ? null : `1 to ${orders}, or empty`,
    seed: whole(plan.seed, 0, seed) ? null : `0 to ${seed}`,
    mix: !loadKinds.every((kind) => within(plan.mix[kind], 0, 100))
      ? 'each share is 0 to 100'
      : loadKinds.every((kind) => plan.mix[kind] === 0)
        ? 'one share must be above 0'
        : null,
  };
}

/** About how many orders a plan makes. */
export function ordersOf({ ratePerSecond, seconds, orders }: LoadPlan): number {
  return Math.min(orders ?? Number.POSITIVE_INFINITY, Math.round(ratePerSecond * seconds));
}

/** Share of a kind, 0–1. */
export function shareOf(mix: LoadPlan['mix'], kind: LoadKind): number {
  const sum = loadKinds.reduce((total, one) => total + mix[one], 0);
  return sum === 0 ? 0 : mix[kind] / sum;
}

/** The same run by the command line. */
export function asCli(plan: LoadPlan): string {
  const { ratePerSecond, seconds, orders, seed, arrivals, saga, mix } = plan;
  const usual = loadKinds.every((kind) => mix[kind] === usualMix[kind]);
  const shares = loadKinds.filter((kind) => mix[kind] > 0).map((kind) => `${kind}=${mix[kind]}`);
  return [
    `npm run orrery -- load --rate ${ratePerSecond} --for ${seconds}s`,
    ...(orders === null ? [] : [`--count ${orders}`]),
    `--seed ${seed}`,
    ...(arrivals === 'poisson' ? [] : [`--arrivals ${arrivals}`]),
    ...(saga === 'choreography' ? [] : [`--saga ${saga}`]),
    ...(usual ? [] : [`--mix ${shares.join(',')}`]),
  ].join(' ');
}

function within(value: number, from: number, to: number): boolean {
  return Number.isFinite(value) && value >= from && value <= to;
}

function whole(value: number, from: number, to: number): boolean {
  return Number.isInteger(value) && within(value, from, to);
}
