import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OrderCreate } from '#contracts/http/orders.ts';
import { reservationTtlMs } from '#services/inventory/env.ts';
import { compensationRetryMs } from '#services/orders/timers/timer.ts';
import { type Circumstances, createWorld, type World } from './world.ts';

const styles = ['choreography', 'orchestration'] as const;

const circumstances = (style: Circumstances['style']) =>
  fc.record({
    style: fc.constant(style),
    fraud: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    inStock: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    cardWorks: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  });

/** Mostly things go on; now and then something gets in between. */
const choice = fc.record({ disturb: fc.nat(2).map((n) => n === 0), pick: fc.nat(997) });
const choices = fc.array(choice, { maxLength: 120, size: 'max' });
type Choice = { disturb: boolean; pick: number };

/** Lets `choices` pick, one after the other, among what can happen; then lets all of it come to rest. */
function run(given: Circumstances, chosen: readonly Choice[]): { world: World; history: string[] } {
  const world = createWorld(given);
  const history: string[] = [];
  for (const { disturb, pick } of chosen) {
    const actions = world.actions().filter((action) => action.startsWith('deliver') !== disturb);
    const action = actions[pick % actions.length];
    if (action === undefined) continue;
    history.push(action);
    world.happen(action);
  }
  world.settle();
  return { world, history };
}

function expectLegalEnd(world: World): void {
  const order = world.order();
  const { provider, ledger } = world.money();
  const { invoices, mails } = world.papers();
  expect(['confirmed', 'cancelled']).toContain(order.status);
  expect(ledger).toBe(provider);
  expect(order.version).toBe(world.published().length);
  if (order.status === 'confirmed') {
    expect(provider).toBe(order.total.amountMinor);
    expect(world.reservation().state).toBe('committed');
    expect({ invoices, mails }).toEqual({ invoices: 1, mails: ['order_confirmed'] });
  } else {
    expect(provider).toBe(0);
    expect(['active', 'committed']).not.toContain(world.reservation().state);
    expect({ invoices, mails }).toEqual({ invoices: 0, mails: ['order_cancelled'] });
    expect(order.stuckSince).toBeNull();
  }
  const saga = world.saga();
  if (saga === null) return;
  expect(saga.phase).toBe(order.status === 'confirmed' ? 'completed' : 'cancelled');
  expect(saga.steps.filter(({ state }) => state === 'running' || state === 'undoing')).toEqual([]);
}

test.each(styles)(
  '%s: whatever is delayed, repeated, interrupted, timed out or cancelled, the order ends confirmed or fully undone',
  (style) => {
    fc.assert(
      fc.property(circumstances(style), choices, (given, chosen) => {
        expectLegalEnd(run(given, chosen).world);
      }),
      { numRuns: 3_000 },
    );
  },
);

test('a promise of stock outlives every deadline of a saga that is alive', () => {
  const { paymentTimeoutMs } = OrderCreate.shape;
  const left = reservationTtlMs - compensationRetryMs(10_000, 99);
  expect(paymentTimeoutMs.safeParse(left + 1).success).toBe(false);
});

test.each(styles)('%s: undisturbed, an order ends as its circumstances say', (style) => {
  const end = (given: Partial<Circumstances>) => {
    const calm = { style, fraud: false, inStock: true, cardWorks: true, ...given };
    const world = createWorld(calm);
    // Only deliveries: no timer, no customer, no crash.
    for (;;) {
      const next = world.actions().find((action) => action.startsWith('deliver'));
      if (next === undefined) break;
      world.happen(next);
    }
    expectLegalEnd(world);
    return world.order().cancelReason ?? world.order().status;
  };
  expect(end({})).toBe('confirmed');
  expect(end({ fraud: true })).toBe('fraud_suspected');
  expect(end({ inStock: false })).toBe('out_of_stock');
  expect(end({ cardWorks: false })).toBe('payment_failed');
});

test.each(styles)('%s: the random runs reach what they are there for', (style) => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(circumstances(style), choices, (given, chosen) => {
      const { world, history } = run(given, chosen);
      seen.add(world.order().cancelReason ?? 'confirmed');
      seen.add(`reservation ${world.reservation().state}`);
      seen.add(`payment ${world.payment()?.status}`);
      for (const action of history) if (action.includes('crash')) seen.add(action);
      if (history.includes('expire'))
        seen.add(`expired, then ${world.reservation().state} and ${world.order().status}`);
      if (world.published().includes('order.compensation_stuck')) seen.add('stuck');
    }),
    { numRuns: 3_000, seed: 1 },
  );
  expect([...seen]).toEqual(
    expect.arrayContaining([
      ...['confirmed', 'fraud_suspected', 'out_of_stock', 'payment_failed', 'customer_request', 'payment_timeout'],
      ...['reservation committed', 'reservation released', 'reservation rejected', 'reservation tombstone'],
      ...['payment succeeded', 'payment failed', 'payment voided', 'payment refunded'],
      ...['charge and crash', 'refund and crash', 'stuck'],
      ...['reservation expired', 'expired, then expired and cancelled', 'expired, then committed and confirmed'],
    ]),
  );
});
