import { expect, test } from 'vitest';
import { topics } from '#contracts/events/topics.ts';
import type { InvariantId } from '#contracts/sandbox/audit.ts';
import type { Dossier } from '../evidence/dossier.ts';
import type { TopicRecord } from '../evidence/topic-record.ts';
import { capture, decline, orderId, refund, sale, withDeliveries } from '../testing/dossier.builder.ts';
import { invariants } from './index.ts';
import type { OrderInvariant } from './invariant.ts';

const ofOrders = invariants.filter((one): one is OrderInvariant => one.scope === 'order');

function broken(dossier: Dossier): InvariantId[] {
  return ofOrders.filter(({ check }) => check(dossier).problem !== null).map(({ id }) => id);
}

function evidenceOf(dossier: Dossier): InvariantId[] {
  return ofOrders.filter(({ check }) => (Object.values(check(dossier).evidence)[0] ?? 0) > 0).map(({ id }) => id);
}

const record = (dossier: Dossier, event: string): TopicRecord => {
  const found = dossier.records.find((one) => one.event === event);
  if (found === undefined) throw new Error(`no ${event}`);
  return found;
};

test('a sale and a decline as they should be break nothing, and each invariant sees one of them', () => {
  expect(broken(sale())).toEqual([]);
  expect(broken(decline())).toEqual([]);
  const seen = new Set([...evidenceOf(sale()), ...evidenceOf(decline())]);
  expect(ofOrders.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([]);
});

test('duplicates on a topic, a refund in full and an order under way are legal', () => {
  const twice = sale();
  twice.records = [...twice.records, ...twice.records.map((one) => ({ ...one, offset: one.offset + 100 }))];
  expect(broken(withDeliveries(twice))).toEqual([]);
  const late = decline();
  late.movements = [capture('ch_3'), refund('ch_3')];
  late.bookings = [
    { id: 'a', kind: 'charge', providerReference: 'ch_3', recordedAt: '', entries: [] },
    { id: 'b', kind: 'refund', providerReference: 're_ch_3', recordedAt: '', entries: [] },
  ];
  late.payment = late.payment && { ...late.payment, status: 'refunded', chargeId: 'ch_3' };
  expect(broken(late)).toEqual([]);
});

test('nothing is concluded from messages that were dropped from memory', () => {
  const old = { ...sale(), records: [], outbox: [], inbox: [], deliveries: [], recordsComplete: false };
  expect(broken(old)).toEqual([]);
});

/** Each breaks the named invariants and no other: a check that never fails is a defect, one that always fails as well. */
const mutations: readonly [what: string, ids: InvariantId[], mutate: (dossier: Dossier) => Dossier][] = [
  ['a second capture at the provider', ['S3', 'L4'], (d) => ({ ...d, movements: [...d.movements, capture('ch_9')] })],
  ['a capture that is not booked', ['S8', 'L4'], (d) => ({ ...d, bookings: [] })],
  ['a booking that the provider does not know', ['S3', 'L4'], (d) => ({ ...d, movements: [] })],
  [
    'more refunded than captured',
    ['S3', 'S5', 'L4'],
    (d) => ({ ...d, movements: [...d.movements, refund('ch_1', 4000)] }),
  ],
  [
    'an effect whose cause the inbox does not hold',
    ['S6', 'L8'],
    (d) =>
      withDeliveries({
        ...d,
        inbox: d.inbox.filter(
          ({ consumer, messageId }) =>
            consumer !== 'billing' || messageId !== record(d, 'inventory.reserved').messageId,
        ),
      }),
  ],
  [
    'one message with the same effect twice',
    ['S6', 'S7', 'S12', 'L7', 'L8'],
    (d) => {
      const again = {
        ...record(d, 'notification.sent'),
        messageId: '0193a1de-0000-7000-9000-000000000999',
        offset: 50,
        version: 2,
      };
      return withDeliveries({ ...d, records: [...d.records, again] });
    },
  ],
  [
    'one order for two idempotency keys',
    ['S6'],
    (d) => ({
      ...d,
      client: [
        ...d.client,
        { run: 'r', op: 'place', idempotencyKey: 'k-2', type: 'ok', orderId, at: '2026-11-22T10:00:00.000Z' },
      ],
    }),
  ],
  [
    'two orders for one idempotency key',
    ['S6'],
    (d) => ({
      ...d,
      client: [
        ...d.client,
        ...d.client.map((operation) => ({ ...operation, orderId: '0193a1de-0000-7000-8000-000000000002' })),
      ],
    }),
  ],
  [
    'versions out of order on the topic',
    ['S7'],
    (d) => ({
      ...d,
      records: d.records.map((one) =>
        one.topic === topics.inventory ? { ...one, offset: one.event === 'inventory.reserved' ? 9 : 8 } : one,
      ),
    }),
  ],
  [
    'a message on another partition',
    ['S7'],
    (d) => ({
      ...d,
      records: d.records.map((one) => (one.event === 'order.screened' ? { ...one, partition: 4 } : one)),
    }),
  ],
  [
    'a change without its outbox row',
    ['S7', 'S8'],
    (d) => {
      const lost = record(d, 'inventory.reserved').messageId;
      return withDeliveries({
        ...d,
        records: d.records.filter(({ messageId }) => messageId !== lost),
        outbox: d.outbox.filter((row) => row.id !== lost),
        view: { ...d.view, reservationId: null },
      });
    },
  ],
  ['an order without lines', ['S8', 'L6'], (d) => ({ ...d, order: d.order && { ...d.order, lines: [] } })],
  [
    'a transition that is not legal',
    ['S9'],
    (d) => ({
      ...d,
      order: d.order && {
        ...d.order,
        transitions: d.order.transitions.map((step) =>
          step.seq === 2 ? { ...step, to: 'paid' } : step.seq === 3 ? { ...step, from: 'paid' } : step,
        ),
      },
    }),
  ],
  [
    'a status that its transitions do not lead to',
    ['S9'],
    (d) => ({ ...d, order: d.order && { ...d.order, transitions: d.order.transitions.slice(0, 4) } }),
  ],
  [
    'a change by an invalid message',
    ['S10'],
    (d) => ({
      ...d,
      records: d.records.map((one) => (one.event === 'order.screened' ? { ...one, invalid: 'no score' } : one)),
    }),
  ],
  [
    'a change by somebody else’s message',
    ['S6', 'S10'],
    (d) => ({
      ...d,
      records: d.records.map((one) => (one.event === 'payment.succeeded' ? { ...one, producer: 'workers' } : one)),
    }),
  ],
  [
    'a price that is not the quoted one',
    ['S11'],
    (d) => ({ ...d, prices: d.prices.map((price) => ({ ...price, amountMinor: 1400 })) }),
  ],
  [
    'a charge over another amount',
    ['S11'],
    (d) => ({ ...d, charges: d.charges.map((charge) => ({ ...charge, amountMinor: 1 })) }),
  ],
  ['a ghost message', ['S12'], (d) => ({ ...d, outbox: d.outbox.slice(1) })],
  [
    'a parked key whose later message was applied',
    ['S13'],
    (d) => ({
      ...d,
      parked: [
        {
          consumer: 'workers',
          position: 'orders.events/3/0',
          messageId: null,
          reason: 'failed',
          parkedAt: '2026-11-22T09:00:00.000Z',
          releasedAt: null,
        },
      ],
    }),
  ],
  ['a confirmed order that nobody paid', ['L4'], (d) => ({ ...d, movements: [], bookings: [], payment: null })],
  ['a second invoice', ['L6'], (d) => ({ ...d, invoices: [...d.invoices, ...d.invoices] })],
  ['a lost invoice', ['L6'], (d) => ({ ...d, invoices: [] })],
  ['goods that have not left', ['L6'], (d) => ({ ...d, stockMovements: [] })],
  [
    'a view with another total',
    ['L7'],
    (d) => ({ ...d, view: { ...d.view, total: { amountMinor: 1, currency: 'EUR' } } }),
  ],
  ['no view', ['L7'], (d) => ({ ...d, view: null })],
  [
    'a message that its outbox calls published and the topic lacks',
    ['L8', 'S7', 'L7'],
    (d) => withDeliveries({ ...d, records: d.records.filter(({ event }) => event !== 'invoice.issued') }),
  ],
  [
    'a message that waits in an outbox',
    ['L8', 'L7', 'S7'],
    (d) =>
      withDeliveries({
        ...d,
        records: d.records.filter(({ event }) => event !== 'invoice.issued'),
        outbox: d.outbox.map((row) =>
          row.id === record(d, 'invoice.issued').messageId ? { ...row, publishedAt: null } : row,
        ),
      }),
  ],
  [
    'a price that was replaced long before',
    ['L9'],
    (d) => ({
      ...d,
      prices: [
        ...d.prices,
        { sku: 'LAMP-001', version: 2, amountMinor: 1, currency: 'EUR', validFrom: '2026-11-22T09:59:00.000Z' },
      ],
    }),
  ],
  [
    'an offset that was committed past an unhandled message',
    ['L11', 'L8'],
    (d) =>
      withDeliveries(
        {
          ...d,
          inbox: d.inbox.filter(
            ({ consumer, messageId }) => consumer !== 'workers' || messageId !== record(d, 'order.confirmed').messageId,
          ),
          records: d.records.map((one) => (one.topic === topics.workers ? { ...one, causationId: null } : one)),
        },
        100n,
      ),
  ],
];

test.each(mutations)('%s breaks %j', (_what, ids, mutate) => {
  expect(broken(mutate(sale())).sort()).toEqual([...ids].sort());
});

test('every invariant of a single order is broken by something here', () => {
  // L5 is about cancelled orders only: below.
  const shown = new Set<InvariantId>([...mutations.flatMap(([, ids]) => ids), 'L5']);
  expect(ofOrders.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
});

test('what a cancelled order still holds is told', () => {
  const wrong = decline();
  wrong.reservation = wrong.reservation && { ...wrong.reservation, state: 'active' };
  expect(broken(wrong)).toEqual(['L5']);
  const charged = { ...decline(), movements: [capture('ch_2')], bookings: [] };
  expect(broken(charged)).toEqual(['L4', 'L5']);
});

test('messages of an order that does not exist are told', () => {
  const orphan = { ...sale(), order: null };
  expect(broken(orphan)).toEqual(expect.arrayContaining(['S8', 'L4']));
});
