import type { EventData, EventName } from '#contracts/events/events.ts';
import { type KnownEvent, makeEvent } from '#contracts/events/registry.ts';

/**
 * Whole lives of an order for tests, in causal order, each event caused by the one before it.
 * `n` (0–0xffff) tells orders apart; `skewMs` puts a service's clock wrong.
 */
export type StoryOptions = { n?: number; skewMs?: Partial<Record<string, number>> };

export function orderIdOf(n: number): string {
  return uuid(n, 0);
}

export function sale(options: StoryOptions = {}): KnownEvent[] {
  const tell = storyteller(options);
  const { payable, lines, total, customerId, orderId } = subject(options);
  return [
    created(tell, options),
    tell('order.screened', { ...payable, score: 0.12, decision: 'accept', model: 'lexical', reasons: [] }),
    tell('inventory.reserved', { ...payable, reservationId: uuid(options.n ?? 0, 0xa0), reservedAt: at(2) }),
    tell('payment.succeeded', { orderId, paymentId: uuid(options.n ?? 0, 0xb0), chargeId: 'ch_1', amount: total }),
    tell('order.confirmed', { orderId, customerId, lines, total, chargeId: 'ch_1', confirmedAt: at(4) }),
    tell('inventory.committed', { orderId, reservationId: uuid(options.n ?? 0, 0xa0) }),
    tell('invoice.issued', { orderId, invoiceNumber: 'INV-2026-000001', sizeBytes: 1234, sha256: 'a'.repeat(64) }),
    tell('notification.sent', { orderId, mailId: uuid(options.n ?? 0, 0xc0), kind: 'order_confirmed' }),
  ];
}

export function decline(options: StoryOptions = {}): KnownEvent[] {
  const tell = storyteller(options);
  const { payable, total, customerId, orderId } = subject(options);
  const reservationId = uuid(options.n ?? 0, 0xa0);
  return [
    created(tell, options),
    tell('order.screened', { ...payable, score: 0.12, decision: 'accept', model: 'lexical', reasons: [] }),
    tell('inventory.reserved', { ...payable, reservationId, reservedAt: at(2) }),
    tell('payment.failed', {
      orderId,
      paymentId: uuid(options.n ?? 0, 0xb0),
      declineCode: 'card_declined',
      amount: total,
    }),
    tell('order.compensating', { orderId, reason: 'payment_failed' }),
    tell('inventory.released', { orderId, reservationId, reason: 'payment_failed' }),
    tell('order.cancelled', {
      orderId,
      customerId,
      total,
      reason: 'payment_failed',
      detail: 'The card was declined.',
      cancelledAt: at(6),
    }),
    tell('notification.sent', { orderId, mailId: uuid(options.n ?? 0, 0xc0), kind: 'order_cancelled' }),
  ];
}

export function shortage(options: StoryOptions = {}): KnownEvent[] {
  const tell = storyteller(options);
  const { payable, total, customerId, orderId } = subject(options);
  return [
    created(tell, options),
    tell('order.screened', { ...payable, score: 0.12, decision: 'accept', model: 'lexical', reasons: [] }),
    tell('inventory.rejected', { orderId, shortages: [{ sku: 'LAMP-014', requested: 2, available: 0 }] }),
    tell('order.cancelled', {
      orderId,
      customerId,
      total,
      reason: 'out_of_stock',
      detail: 'There is not enough stock.',
      cancelledAt: at(3),
    }),
  ];
}

type Tell = <N extends EventName>(event: N, data: EventData<N>) => KnownEvent;

function storyteller({ n = 0, skewMs = {} }: StoryOptions): Tell {
  let told = 0;
  let causationId: string | null = null;
  const versions = new Map<string, number>();
  return (event, data) => {
    const owner = event.split('.')[0] ?? '';
    const aggregateVersion = (versions.get(owner) ?? 0) + 1;
    versions.set(owner, aggregateVersion);
    const id = uuid(n, told + 1);
    const message = makeEvent(event, data, {
      id,
      occurredAt: at(told + (skewMs[owner] ?? 0) / 1000),
      correlationId: uuid(n, 0),
      causationId,
      sagaId: uuid(n, 0xff),
      aggregateVersion,
      producer: owner,
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    });
    told += 1;
    causationId = id;
    return message as KnownEvent;
  };
}

function created(tell: Tell, options: StoryOptions): KnownEvent {
  const { payable, lines } = subject(options);
  const quote = { quoteId: uuid(options.n ?? 0, 0xd0), quoteSignature: 'x'.repeat(43) };
  return tell('order.created', { ...payable, lines, ...quote, sagaStyle: 'choreography', createdAt: at(0) });
}

function subject({ n = 0 }: StoryOptions) {
  const orderId = uuid(n, 0);
  const customerId = uuid(n, 0xfe);
  const total = { amountMinor: 3998, currency: 'EUR' as const };
  const line = {
    sku: 'LAMP-014',
    qty: 2,
    name: 'Brass lamp',
    unitPrice: { ...total, amountMinor: 1999 },
    lineTotal: total,
  };
  const payable = {
    orderId,
    customerId,
    items: [{ sku: 'LAMP-014', qty: 2 }],
    total,
    payment: { token: 'tok_visa' as const },
  };
  return { orderId, customerId, total, lines: [line], payable };
}

function at(seconds: number): string {
  return new Date(Date.UTC(2026, 10, 22, 10) + seconds * 1000).toISOString();
}

function uuid(n: number, index: number): string {
  return `01890000-0000-7000-8000-${(n * 0x1000 + index).toString(16).padStart(12, '0')}`;
}
