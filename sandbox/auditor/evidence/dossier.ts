import type { TopicRecord } from './topic-record.ts';

/**
 * Everything that the owners' tables, the topics, the provider and the clients hold about one order: what the
 * invariants of a single order are checked on. Plain data; `load-dossiers.ts` reads it, the check files judge it.
 */
export type Dossier = {
  orderId: string;
  /** When it was read, epoch milliseconds. */
  readAtMs: number;
  order: OrderRow | null;
  reservation: ReservationRow | null;
  stockMovements: { sku: string; delta: number; kind: string; at: string }[];
  payment: PaymentRow | null;
  bookings: Booking[];
  charges: ProviderCharge[];
  movements: ProviderMovement[];
  invoices: { number: string; totalMinor: number; currency: string; issuedAt: string }[];
  mails: { id: string; kind: string; sentAt: string }[];
  /** The view of history, as stored. */
  view: Record<string, unknown> | null;
  records: TopicRecord[];
  /** False when its messages were dropped from memory: then nothing is concluded from one that is missing. */
  recordsComplete: boolean;
  /** Outbox rows of its messages, of what waits, and of everything where a message is missing. */
  outbox: OutboxRow[];
  inbox: { consumer: string; messageId: string; receivedAt: string }[];
  parked: ParkedRow[];
  deliveries: Delivery[];
  prices: PriceRow[];
  client: ClientOperation[];
};

export type OrderRow = {
  status: string;
  version: number;
  sagaId: string;
  sagaStyle: string;
  customerId: string;
  totalMinor: number;
  currency: string;
  quoteId: string;
  chargeId: string | null;
  reservationId: string | null;
  cancelReason: string | null;
  createdAt: string;
  updatedAt: string;
  lines: { sku: string; qty: number; unitMinor: number; lineMinor: number; priceVersion: number }[];
  transitions: { seq: number; from: string | null; to: string; messageId: string | null; at: string }[];
};

export type ReservationRow = {
  state: string;
  version: number;
  reservationId: string | null;
  updatedAt: string;
  lines: { sku: string; qty: number }[];
};

export type PaymentRow = {
  status: string;
  amountMinor: number;
  currency: string;
  chargeId: string | null;
  version: number;
  updatedAt: string;
};

/** A transaction of billing's double-entry ledger. */
export type Booking = {
  id: string;
  kind: string;
  providerReference: string;
  recordedAt: string;
  entries: { account: string; amountMinor: number; currency: string }[];
};

export type ProviderCharge = {
  id: string;
  status: string;
  amountMinor: number;
  currency: string;
  createdAt: string;
};

export type ProviderMovement = {
  kind: 'capture' | 'refund';
  chargeId: string;
  refundId: string | null;
  amountMinor: number;
  currency: string;
  recordedAt: string;
};

export type OutboxRow = {
  service: string;
  id: string;
  topic: string;
  key: string;
  aggregateVersion: number | null;
  publishedAt: string | null;
  createdAt: string;
};

export type ParkedRow = {
  consumer: string;
  position: string;
  messageId: string | null;
  reason: string;
  parkedAt: string;
  releasedAt: string | null;
};

/** One message and one consumer that handles messages of its kind. `passed`: committed beyond it, yet not handled. */
export type Delivery = {
  consumer: string;
  record: TopicRecord;
  state: 'handled' | 'parked' | 'in-flight' | 'passed';
};

export type PriceRow = { sku: string; version: number; amountMinor: number; currency: string; validFrom: string };

export type ClientOperation = {
  run: string;
  op: 'place' | 'cancel';
  idempotencyKey: string;
  type: 'invoke' | 'ok' | 'fail' | 'info';
  orderId: string | null;
  at: string;
};

export const terminal: ReadonlySet<string> = new Set(['confirmed', 'cancelled']);

/** Money that the provider holds for the order, minor units: captures minus refunds. */
export function netCaptured(dossier: Pick<Dossier, 'movements'>): number {
  return dossier.movements.reduce(
    (sum, { kind, amountMinor }) => sum + (kind === 'capture' ? amountMinor : -amountMinor),
    0,
  );
}

/** Each message once, in the order of its partition: a second copy of it is a duplicate delivery, which is legal. */
export function distinctRecords(records: readonly TopicRecord[]): TopicRecord[] {
  const seen = new Set<string>();
  return [...records]
    .sort((a, b) => a.partition - b.partition || a.offset - b.offset)
    .filter(({ topic, messageId }) => {
      if (messageId === null) return false;
      const name = `${topic} ${messageId}`;
      if (seen.has(name)) return false;
      seen.add(name);
      return true;
    });
}

/** Messages that the owner of an aggregate has published about it, each once. */
export function eventsOf(dossier: Pick<Dossier, 'records'>, topic: string): TopicRecord[] {
  return distinctRecords(dossier.records.filter((record) => record.topic === topic));
}
