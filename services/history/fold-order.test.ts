import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KnownEvent } from '#contracts/events/registry.ts';
import { OrderView } from '#contracts/http/history.ts';
import { foldOrder } from './fold-order.ts';
import { sortByCausality } from './sort-by-causality.ts';
import { decline, sale, shortage } from './stories.builder.ts';

test('a sale folds to a confirmed view with everything that became known', () => {
  const view = foldOrder(sale());
  expect(OrderView.parse(view)).toEqual(view);
  expect(view).toMatchObject({
    status: 'confirmed',
    fraudScore: 0.12,
    chargeId: 'ch_1',
    invoiceNumber: 'INV-2026-000001',
    notifications: 1,
    traceId: 'a'.repeat(32),
    createdAt: '2026-11-22T10:00:00.000Z',
    finishedAt: '2026-11-22T10:00:04.000Z',
    updatedAt: '2026-11-22T10:00:07.000Z',
    cancelReason: null,
  });
});

test.each([
  ['a decline', decline, 'payment_failed'],
  ['a shortage', shortage, 'out_of_stock'],
] as const)('%s folds to a cancelled view with its reason', (_name, story, reason) => {
  expect(foldOrder(story())).toMatchObject({ status: 'cancelled', cancelReason: reason });
});

test.each([
  ['sale', sale, ['created', 'screened', 'reserved', 'paid', 'confirmed', 'confirmed', 'confirmed', 'confirmed']],
  [
    'decline',
    decline,
    ['created', 'screened', 'reserved', 'compensating', 'compensating', 'compensating', 'cancelled', 'cancelled'],
  ],
] as const)('the view of a %s moves with its events', (_name, story, statuses) => {
  const events = story();
  expect(events.map((_, index) => foldOrder(events.slice(0, index + 1))?.status)).toEqual(statuses);
});

test('there is no view before order.created has arrived', () => {
  expect(foldOrder([])).toBeNull();
  expect(foldOrder(sale().slice(1))).toBeNull();
});

/** A story whose services have clocks that disagree by up to ten seconds. */
const skewedStory = fc
  .record({
    story: fc.constantFrom(sale, decline, shortage),
    inventory: fc.integer({ min: -10_000, max: 10_000 }),
    payment: fc.integer({ min: -10_000, max: 10_000 }),
    notification: fc.integer({ min: -10_000, max: 10_000 }),
  })
  .map(({ story, ...skewMs }) => story({ skewMs }));

const shuffled = skewedStory.chain((events) =>
  fc.shuffledSubarray(events, { minLength: events.length }).map((arrived) => ({ events, arrived })),
);

test('any order of arrival gives the same view, whatever the clocks say', () => {
  fc.assert(
    fc.property(shuffled, ({ events, arrived }) => {
      expect(foldOrder(arrived)).toEqual(foldOrder(events));
    }),
  );
});

test('while events arrive in any order the status never goes back', () => {
  const order = ['created', 'screened', 'reserved', 'paid', 'compensating', 'confirmed', 'cancelled'];
  fc.assert(
    fc.property(shuffled, ({ arrived }) => {
      const ranks = arrived
        .map((_, index) => foldOrder(arrived.slice(0, index + 1)))
        .filter((view) => view !== null)
        .map((view) => order.indexOf(view.status));
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    }),
  );
});

function keyed(events: KnownEvent[]) {
  return events.map(({ event, metadata }) => ({
    event,
    messageId: metadata.id,
    causationId: metadata.causationId,
    occurredAt: metadata.occurredAt,
  }));
}

test('no effect is placed before its cause, however late its clock', () => {
  fc.assert(
    fc.property(shuffled, ({ events, arrived }) => {
      expect(sortByCausality(keyed(arrived))).toEqual(keyed(events));
    }),
  );
});

test('unrelated events are placed by clock, then by id', () => {
  const event = (messageId: string, occurredAt: string) => ({ messageId, occurredAt, causationId: null });
  const sorted = [
    event('a', '2026-01-01T00:00:01.000Z'),
    event('b', '2026-01-01T00:00:02.000Z'),
    event('c', '2026-01-01T00:00:02.000Z'),
  ];
  expect(sortByCausality([...sorted].reverse())).toEqual(sorted);
});

test('a cycle of causes ends the sort all the same', () => {
  const event = (messageId: string, causationId: string) => ({
    messageId,
    causationId,
    occurredAt: '2026-01-01T00:00:00.000Z',
  });
  expect(sortByCausality([event('b', 'a'), event('a', 'b')]).map(({ messageId }) => messageId)).toEqual(['a', 'b']);
});
