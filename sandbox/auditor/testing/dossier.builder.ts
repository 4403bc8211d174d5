import { topics } from '#contracts/events/topics.ts';
import { deliveriesOf, kindOf } from '../evidence/deliveries.ts';
import type { Dossier } from '../evidence/dossier.ts';
import type { TopicRecord } from '../evidence/topic-record.ts';

export const orderId = '0193a1de-0000-7000-8000-000000000001';
const startMs = Date.parse('2026-11-22T10:00:00.000Z');
const id = (serial: number) => `0193a1de-0000-7000-9000-${String(serial).padStart(12, '0')}`;
const at = (second: number) => new Date(startMs + second * 1_000).toISOString();

type Step = {
  event: string;
  topic: string;
  version: number;
  /** Event that led to it. */
  cause: string | null;
  facts?: Partial<TopicRecord['facts']>;
};

const sold: readonly Step[] = [
  {
    event: 'order.created',
    topic: topics.orders,
    version: 1,
    cause: null,
    facts: { totalMinor: 3000, quoteId: 'q-1' },
  },
  { event: 'order.screened', topic: topics.orders, version: 2, cause: 'order.created' },
  {
    event: 'inventory.reserved',
    topic: topics.inventory,
    version: 1,
    cause: 'order.screened',
    facts: { reservationId: 'r-1' },
  },
  {
    event: 'payment.succeeded',
    topic: topics.billing,
    version: 1,
    cause: 'inventory.reserved',
    facts: { chargeId: 'ch_1' },
  },
  {
    event: 'order.confirmed',
    topic: topics.orders,
    version: 3,
    cause: 'payment.succeeded',
    facts: { chargeId: 'ch_1' },
  },
  { event: 'inventory.committed', topic: topics.inventory, version: 2, cause: 'order.confirmed' },
  {
    event: 'invoice.issued',
    topic: topics.workers,
    version: 1,
    cause: 'order.confirmed',
    facts: { invoiceNumber: 'INV-1' },
  },
  { event: 'notification.sent', topic: topics.workers, version: 2, cause: 'order.confirmed' },
];

const declined: readonly Step[] = [
  ...sold.slice(0, 3),
  { event: 'payment.failed', topic: topics.billing, version: 1, cause: 'inventory.reserved' },
  { event: 'order.compensating', topic: topics.orders, version: 3, cause: 'payment.failed' },
  { event: 'inventory.released', topic: topics.inventory, version: 2, cause: 'payment.failed' },
  {
    event: 'order.cancelled',
    topic: topics.orders,
    version: 4,
    cause: 'inventory.released',
    facts: { reason: 'payment_failed' },
  },
  { event: 'notification.sent', topic: topics.workers, version: 1, cause: 'order.cancelled' },
];

const readers: Readonly<Record<string, readonly string[]>> = {
  'order.created': ['orders'],
  'order.screened': ['inventory'],
  'inventory.reserved': ['orders', 'billing'],
  'payment.succeeded': ['orders'],
  'payment.failed': ['orders', 'inventory'],
  'inventory.released': ['orders'],
  'order.confirmed': ['inventory', 'workers'],
  'order.cancelled': ['workers'],
};

const producers: Readonly<Record<string, string>> = {
  [topics.orders]: 'orders',
  [topics.inventory]: 'inventory',
  [topics.billing]: 'billing',
  [topics.workers]: 'workers',
};

function recordsOf(steps: readonly Step[]): TopicRecord[] {
  const offsets = new Map<string, number>();
  return steps.map(({ event, topic, version, cause, facts = {} }, index) => {
    const offset = offsets.get(topic) ?? 0;
    offsets.set(topic, offset + 1);
    return {
      topic,
      partition: 3,
      offset,
      publishedAt: startMs + index * 1_000,
      key: orderId,
      messageId: id(index + 1),
      event,
      producer: producers[topic] ?? null,
      causationId: cause === null ? null : id(steps.findIndex((step) => step.event === cause) + 1),
      version,
      occurredAt: at(index),
      traceId: 'a'.repeat(32),
      invalid: null,
      facts: {
        totalMinor: null,
        currency: null,
        quoteId: null,
        sagaStyle: null,
        reservationId: null,
        chargeId: null,
        invoiceNumber: null,
        reason: null,
        ...facts,
      },
    };
  });
}

function dossierOf(
  steps: readonly Step[],
  own: Pick<Dossier, 'order' | 'reservation' | 'payment'> & Partial<Dossier>,
): Dossier {
  const records = recordsOf(steps);
  const inbox = records.flatMap(({ event, messageId, occurredAt }) =>
    ['history', ...(readers[event ?? ''] ?? [])].map((consumer) => ({
      consumer,
      messageId: messageId ?? '',
      receivedAt: occurredAt ?? '',
    })),
  );
  const dossier: Dossier = {
    orderId,
    readAtMs: startMs + 60_000,
    stockMovements: [],
    bookings: [],
    charges: [],
    movements: [],
    invoices: [],
    mails: [],
    view: null,
    records,
    recordsComplete: true,
    outbox: records.map((record) => ({
      service: producers[record.topic] ?? '',
      id: record.messageId ?? '',
      topic: record.topic,
      key: orderId,
      aggregateVersion: record.version,
      publishedAt: record.occurredAt,
      createdAt: record.occurredAt ?? '',
    })),
    inbox,
    parked: [],
    deliveries: [],
    prices: [{ sku: 'LAMP-001', version: 1, amountMinor: 1500, currency: 'EUR', validFrom: at(-1000) }],
    client: [{ run: 'r', op: 'place', idempotencyKey: 'k-1', type: 'ok', orderId, at: at(0) }],
    ...own,
  };
  return withDeliveries(dossier);
}

/** The dossier with its deliveries worked out again, as after loading. */
export function withDeliveries(dossier: Dossier, committed = 0n): Dossier {
  const handledKinds = new Set(
    Object.entries(readers).flatMap(([event, consumers]) =>
      consumers.map((consumer) => kindOf(consumer, event, dossier.order?.sagaStyle ?? null)),
    ),
  );
  const offsets = new Map(Object.values(topics).map((topic) => [`${topic}/3`, committed]));
  const groups = ['orders', 'inventory', 'billing', 'workers', 'history'].map((group) => [group, offsets] as const);
  return { ...dossier, deliveries: deliveriesOf(dossier, { handledKinds, committed: new Map(groups) }) };
}

const order = (status: string, version: number, path: readonly string[]): NonNullable<Dossier['order']> => ({
  status,
  version,
  sagaId: id(900),
  sagaStyle: 'choreography',
  customerId: id(901),
  totalMinor: 3000,
  currency: 'EUR',
  quoteId: 'q-1',
  chargeId: status === 'confirmed' ? 'ch_1' : null,
  reservationId: 'r-1',
  cancelReason: status === 'cancelled' ? 'payment_failed' : null,
  createdAt: at(0),
  updatedAt: at(6),
  lines: [{ sku: 'LAMP-001', qty: 2, unitMinor: 1500, lineMinor: 3000, priceVersion: 1 }],
  transitions: path.map((to, index) => ({
    seq: index + 1,
    from: path[index - 1] ?? null,
    to,
    messageId: null,
    at: at(index),
  })),
});

const view = (over: Record<string, unknown>) => ({
  total: { amountMinor: 3000, currency: 'EUR' },
  cancelReason: null,
  reservationId: 'r-1',
  chargeId: null,
  invoiceNumber: null,
  notifications: 1,
  ...over,
});

const reservation = (state: string, version: number) => ({
  state,
  version,
  reservationId: 'r-1',
  updatedAt: at(5),
  lines: [{ sku: 'LAMP-001', qty: 2 }],
});

/** A sale as it should be: confirmed, paid once, goods gone, one invoice and one mail. */
export function sale(): Dossier {
  return dossierOf(sold, {
    order: order('confirmed', 3, ['created', 'screened', 'reserved', 'paid', 'confirmed']),
    reservation: reservation('committed', 2),
    stockMovements: [{ sku: 'LAMP-001', delta: -2, kind: 'commit', at: at(5) }],
    payment: {
      status: 'succeeded',
      amountMinor: 3000,
      currency: 'EUR',
      chargeId: 'ch_1',
      version: 1,
      updatedAt: at(3),
    },
    bookings: [booking('charge', 'ch_1', 3000)],
    charges: [{ id: 'ch_1', status: 'succeeded', amountMinor: 3000, currency: 'EUR', createdAt: at(3) }],
    movements: [capture('ch_1')],
    invoices: [{ number: 'INV-1', totalMinor: 3000, currency: 'EUR', issuedAt: at(6) }],
    mails: [{ id: id(800), kind: 'order_confirmed', sentAt: at(7) }],
    view: view({ status: 'confirmed', chargeId: 'ch_1', invoiceNumber: 'INV-1' }),
  });
}

/** A declined card as it should end: stock given back, nothing captured, one mail. */
export function decline(): Dossier {
  return dossierOf(declined, {
    order: order('cancelled', 4, ['created', 'screened', 'reserved', 'compensating', 'cancelled']),
    reservation: reservation('released', 2),
    payment: { status: 'failed', amountMinor: 3000, currency: 'EUR', chargeId: null, version: 1, updatedAt: at(3) },
    charges: [{ id: 'ch_2', status: 'declined', amountMinor: 3000, currency: 'EUR', createdAt: at(3) }],
    mails: [{ id: id(801), kind: 'order_cancelled', sentAt: at(7) }],
    view: view({ status: 'cancelled', cancelReason: 'payment_failed' }),
  });
}

export function booking(kind: string, providerReference: string, amountMinor: number): Dossier['bookings'][number] {
  return {
    id: id(700),
    kind,
    providerReference,
    recordedAt: at(3),
    entries: [
      { account: 'provider_receivable', amountMinor, currency: 'EUR' },
      { account: 'sales', amountMinor: -amountMinor, currency: 'EUR' },
    ],
  };
}

export function capture(chargeId: string, amountMinor = 3000): Dossier['movements'][number] {
  return { kind: 'capture', chargeId, refundId: null, amountMinor, currency: 'EUR', recordedAt: at(3) };
}

export function refund(chargeId: string, amountMinor = 3000): Dossier['movements'][number] {
  return { kind: 'refund', chargeId, refundId: `re_${chargeId}`, amountMinor, currency: 'EUR', recordedAt: at(9) };
}
