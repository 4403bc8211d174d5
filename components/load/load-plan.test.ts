import { expect, test } from 'vitest';
import { LoadPlan } from '#contracts/sandbox/load.ts';
import { asCli, faultsOf, ordersOf } from './load-plan.ts';
import { rateAt, rates, stepOf } from './rate-scale.ts';

const plan = LoadPlan.parse({ ratePerSecond: 20, seconds: 60 });
const faults = (change: Partial<LoadPlan>) =>
  Object.entries(faultsOf({ ...plan, ...change }))
    .filter(([, fault]) => fault !== null)
    .map(([field]) => field);

test('what the contract accepts has no fault, and what it refuses has one', () => {
  expect(faults({})).toEqual([]);
  const wrong: [Partial<LoadPlan>, string][] = [
    [{ ratePerSecond: 0 }, 'rate'],
    [{ ratePerSecond: 1001, seconds: 1 }, 'rate'],
    [{ ratePerSecond: Number.NaN }, 'rate'],
    [{ seconds: 3601 }, 'seconds'],
    [{ ratePerSecond: 1000, seconds: 3600 }, 'seconds'],
    [{ orders: 1.5 }, 'orders'],
    [{ seed: -1 }, 'seed'],
    [{ mix: { happy: 0, declined: 0, outOfStock: 0, slow: 0, cancelled: 0 } }, 'mix'],
    [{ mix: { ...plan.mix, slow: 101 } }, 'mix'],
  ];
  for (const [change, field] of wrong) {
    expect(faults(change)).toEqual([field]);
    expect(LoadPlan.safeParse({ ...plan, ...change }).success).toBe(false);
  }
});

test('the command line says what differs from the usual', () => {
  expect(asCli(plan)).toBe('npm run orrery -- load --rate 20 --for 60s --seed 1');
  const other = LoadPlan.parse({
    ...plan,
    orders: 50,
    arrivals: 'constant',
    saga: 'both',
    mix: { happy: 1, declined: 1, outOfStock: 0, slow: 0, cancelled: 0 },
  });
  expect(asCli(other)).toBe(
    'npm run orrery -- load --rate 20 --for 60s --count 50 --seed 1 --arrivals constant --saga both --mix happy=1,declined=1',
  );
});

test('a plan ends with its orders or with its time, whichever comes first', () => {
  expect([ordersOf(plan), ordersOf({ ...plan, orders: 50 }), ordersOf({ ...plan, orders: 5_000 })]).toEqual([
    1200, 50, 1200,
  ]);
});

test('every rate of the slider finds its step again, and others the nearest', () => {
  for (const [step, rate] of rates.entries()) expect(rateAt(stepOf(rate))).toBe(rates[step]);
  expect([12, 0.01, 5_000, Number.NaN].map((rate) => rateAt(stepOf(rate)))).toEqual([10, 0.1, 1_000, 0.1]);
});
