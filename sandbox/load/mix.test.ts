import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OrderCreate } from '#contracts/http/orders.ts';
import { LoadMix } from '#contracts/sandbox/load.ts';
import { loadKinds } from '#contracts/sandbox/load-limits.ts';
import { plannedOrder } from './mix.ts';

const weight = fc.integer({ min: 0, max: 100 });
const mix = fc
  .record({ happy: weight, declined: weight, outOfStock: weight, slow: weight, cancelled: weight })
  .filter((given) => LoadMix.safeParse(given).success);
const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const saga = fc.constantFrom('choreography' as const, 'orchestration' as const, 'both' as const);
const plan = fc.record({ seed, mix, saga });

test('every order is one that the contract accepts and follows from the plan and its number alone', () => {
  fc.assert(
    fc.property(plan, fc.nat(100_000), (given, n) => {
      const planned = plannedOrder(given, n);
      OrderCreate.parse(planned.order);
      expect(plannedOrder(given, n)).toEqual(planned);
      expect(given.mix[planned.kind]).toBeGreaterThan(0);
      expect(planned.cancelAfterMs === null).toBe(planned.kind !== 'cancelled');
    }),
  );
});

test('the shares hold for every beginning of a run, to within two orders and a half percent', () => {
  fc.assert(
    fc.property(plan, fc.integer({ min: 1, max: 300 }), (given, count) => {
      const kinds = Array.from({ length: count }, (_, n) => plannedOrder(given, n).kind);
      const whole = loadKinds.reduce((sum, kind) => sum + given.mix[kind], 0);
      for (const kind of loadKinds) {
        const share = (given.mix[kind] / whole) * count;
        const found = kinds.filter((other) => other === kind).length;
        expect(Math.abs(found - share)).toBeLessThanOrEqual(2 + 0.005 * count);
      }
    }),
    { numRuns: 50 },
  );
});

test('another seed gives other baskets', () => {
  const given = { mix: { happy: 1, declined: 0, outOfStock: 0, slow: 0, cancelled: 0 }, saga: 'choreography' } as const;
  const baskets = (seedOfRun: number) =>
    Array.from({ length: 10 }, (_, n) => plannedOrder({ ...given, seed: seedOfRun }, n).order);
  expect(baskets(1)).not.toEqual(baskets(2));
});

test('both saga styles come in turns', () => {
  const given = {
    seed: 1,
    mix: { happy: 1, declined: 0, outOfStock: 0, slow: 0, cancelled: 0 },
    saga: 'both',
  } as const;
  expect([0, 1, 2].map((n) => plannedOrder(given, n).order.sagaStyle)).toEqual([
    'choreography',
    'orchestration',
    'choreography',
  ]);
});
