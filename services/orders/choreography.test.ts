import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAppError } from '#contracts/errors.ts';
import { decide } from './choreography.ts';
import type { OrderFact } from './facts.ts';
import { evolve, isPublished, legalTransitions, type OrderState } from './order.ts';
import { anOrder } from './testing/order.builder.ts';

const accept: OrderFact = { type: 'screened', score: 0.1, decision: 'accept', model: 'm', reasons: [] };
const reject: OrderFact = { type: 'screened', score: 0.9, decision: 'reject', model: 'm', reasons: ['velocity'] };
const reserved: OrderFact = { type: 'stock_reserved', reservationId: '01890000-0000-7000-8000-0000000000aa' };
const shortage: OrderFact = { type: 'stock_rejected', shortages: [{ sku: 'LAMP-014', requested: 2, available: 1 }] };
const released: OrderFact = { type: 'stock_released', expired: false };
const expired: OrderFact = { type: 'stock_released', expired: true };
const paid: OrderFact = { type: 'payment_succeeded', chargeId: 'ch_1' };
const declined: OrderFact = { type: 'payment_failed', declineCode: 'card_declined' };

type Run = { order: OrderState; published: string[]; statuses: string[] };

function run(...facts: OrderFact[]): Run {
  const result: Run = { order: anOrder(), published: [], statuses: ['created'] };
  for (const fact of facts) {
    for (const event of decide(result.order, fact)) {
      result.order = evolve(result.order, event, '2026-11-22T10:00:01.000Z');
      if (isPublished(event)) result.published.push(event.type);
      if (result.statuses.at(-1) !== result.order.status) result.statuses.push(result.order.status);
    }
  }
  return result;
}

test('a paid order goes through every status to confirmed', () => {
  const { order, published, statuses } = run(accept, reserved, paid);
  expect(statuses).toEqual(['created', 'screened', 'reserved', 'paid', 'confirmed']);
  expect(published).toEqual(['order.screened', 'order.confirmed']);
  expect(order).toMatchObject({ version: 3, chargeId: 'ch_1', cancelReason: null });
});

test('a rejected screening cancels the order in the same step', () => {
  const { order, published } = run(reject);
  expect(published).toEqual(['order.screened', 'order.cancelled']);
  expect(order).toMatchObject({ status: 'cancelled', cancelReason: 'fraud_suspected', version: 3 });
});

test('missing stock cancels the order and names what is missing', () => {
  const screened = run(accept).order;
  expect(decide(screened, shortage)).toEqual([
    { type: 'order.cancelled', reason: 'out_of_stock', detail: 'There is not enough stock of LAMP-014.' },
  ]);
});

test('a declined card compensates and ends only after the stock was released', () => {
  const before = run(accept, reserved, declined);
  expect(before.order.status).toBe('compensating');
  const after = run(accept, reserved, declined, released);
  expect(after.published).toEqual(['order.screened', 'order.compensating', 'order.cancelled']);
  expect(after.order).toMatchObject({ status: 'cancelled', cancelReason: 'payment_failed' });
});

test('a promise that runs out before the payment turns the order back, and after it changes nothing', () => {
  const { order, published } = run(accept, reserved, expired);
  expect(order).toMatchObject({ status: 'compensating', cancelReason: 'payment_timeout', released: true });
  expect(published).toEqual(['order.screened', 'order.compensating']);
  const late = run(accept, reserved, expired, paid, { type: 'payment_undone' });
  expect(late.order).toMatchObject({ status: 'cancelled', chargeId: 'ch_1', paymentSettled: true });
  expect(run(accept, reserved, paid, expired)).toEqual(run(accept, reserved, paid));
});

test('a payment that overtakes its reservation confirms the order, and the reservation is still noted', () => {
  const { order, published } = run(accept, paid, reserved);
  expect(published).toEqual(['order.screened', 'order.confirmed']);
  expect(order.status).toBe('confirmed');
  expect(order.reservationId).toBe('01890000-0000-7000-8000-0000000000aa');
});

test('a release that overtakes the declined payment is kept until the decline arrives', () => {
  const waiting = run(accept, reserved, released);
  expect(waiting.order).toMatchObject({ status: 'reserved', released: true });
  expect(run(accept, reserved, released, declined).published).toEqual([
    'order.screened',
    'order.compensating',
    'order.cancelled',
  ]);
});

test.each([
  ['a second charge', [accept, reserved, paid, { type: 'payment_succeeded', chargeId: 'ch_2' }]],
  ['a decline after the charge', [accept, reserved, paid, declined]],
  ['a charge after the decline', [accept, reserved, declined, paid]],
  ['a release of a sold order', [accept, reserved, paid, released]],
  ['a shortage after the reservation', [accept, reserved, shortage]],
  ['a reservation after the shortage', [accept, shortage, reserved]],
  ['a second reservation', [accept, reserved, { ...reserved, reservationId: '01890000-0000-7000-8000-0000000000bb' }]],
  ['a payment before the screening', [paid]],
  ['a charge of a suspected fraud', [reject, paid]],
] as [string, OrderFact[]][])('%s is refused as a conflict', (_name, facts) => {
  const earlier = run(...facts.slice(0, -1)).order;
  let error: unknown;
  try {
    decide(earlier, facts.at(-1) as OrderFact);
  } catch (thrown) {
    error = thrown;
  }
  expect(isAppError(error, 'conflict')).toBe(true);
  expect(isAppError(error) && error.retryable).toBe(false);
});

/** Every order in which two topics can be read: each keeps its own order, nothing orders one against the other. */
function interleavings(left: OrderFact[], right: OrderFact[]): OrderFact[][] {
  const [l, ...ls] = left;
  const [r, ...rs] = right;
  if (l === undefined) return [right];
  if (r === undefined) return [left];
  return [
    ...interleavings(ls, right).map((rest) => [l, ...rest]),
    ...interleavings(left, rs).map((rest) => [r, ...rest]),
  ];
}

test.each([
  ['a sale', [reserved], [paid], ['order.screened', 'order.confirmed']],
  ['a decline', [reserved, released], [declined], ['order.screened', 'order.compensating', 'order.cancelled']],
])('%s ends the same in whatever order its topics are read', (_name, inventory, billing, published) => {
  const runs = interleavings(inventory, billing).map((facts) => run(accept, ...facts));
  for (const each of runs) {
    expect(each.published).toEqual(published);
    expect(each.order.version).toBe(published.length + 1);
    expect(each.order.status).toBe(runs[0]?.order.status);
  }
});

const anyFact = fc.constantFrom(accept, reject, reserved, shortage, released, expired, paid, declined);

function tryAll(facts: OrderFact[]): Run {
  let known: OrderFact[] = [];
  for (const fact of facts) {
    try {
      run(...known, fact);
      known = [...known, fact];
    } catch (error) {
      if (!isAppError(error, 'conflict')) throw error;
    }
  }
  return run(...known);
}

test('whatever arrives, transitions are legal, versions gapless, and nothing but a conflict is thrown', () => {
  fc.assert(
    fc.property(fc.array(anyFact, { maxLength: 12 }), (facts) => {
      const { order, published, statuses } = tryAll(facts);
      expect(order.version).toBe(published.length + 1);
      for (const [index, to] of statuses.slice(1).entries()) {
        expect(legalTransitions[statuses[index] as OrderState['status']]).toContain(to);
      }
    }),
  );
});

test('terminal is terminal: no fact publishes anything about an ended order', () => {
  fc.assert(
    fc.property(fc.array(anyFact, { maxLength: 12 }), anyFact, (facts, late) => {
      const { order } = tryAll(facts);
      fc.pre(order.status === 'confirmed' || order.status === 'cancelled');
      try {
        const events = decide(order, late);
        expect(events.filter(isPublished)).toEqual([]);
        for (const event of events) expect(evolve(order, event, order.updatedAt).status).toBe(order.status);
      } catch (error) {
        expect(isAppError(error, 'conflict')).toBe(true);
      }
    }),
  );
});

test('a fact told twice changes nothing the second time', () => {
  fc.assert(
    fc.property(fc.array(anyFact, { maxLength: 8 }), anyFact, (facts, fact) => {
      const { order } = tryAll(facts);
      let after = order;
      try {
        for (const event of decide(order, fact)) after = evolve(after, event, order.updatedAt);
      } catch {
        return;
      }
      expect(decide(after, fact)).toEqual([]);
    }),
  );
});
