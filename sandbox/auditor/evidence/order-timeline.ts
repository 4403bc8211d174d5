import type { TimelineFact } from '#contracts/sandbox/audit.ts';
import type { Dossier } from './dossier.ts';

/** Everything that a dossier knows, as one story, oldest first; what has no time of its own comes last. */
export function timelineOf(dossier: Dossier): TimelineFact[] {
  const facts = [
    ...clientFacts(dossier),
    ...orderFacts(dossier),
    ...stockFacts(dossier),
    ...moneyFacts(dossier),
    ...paperFacts(dossier),
    ...messageFacts(dossier),
  ];
  return facts.sort((a, b) => (a.at ?? '9').localeCompare(b.at ?? '9'));
}

type Fields = TimelineFact['fields'];

function row(source: string, at: string | null, what: string, fields: Fields = {}): TimelineFact {
  return { at: at === null ? null : new Date(at).toISOString(), kind: 'row', source, what, position: null, fields };
}

function clientFacts({ client }: Dossier): TimelineFact[] {
  return client.map(({ run, idempotencyKey, type, at }) => ({
    ...row(`client of run ${run}`, at, type, { idempotencyKey }),
    kind: 'client',
  }));
}

function orderFacts({ order }: Dossier): TimelineFact[] {
  if (order === null) return [];
  return [
    row('orders.orders', order.createdAt, `order of ${order.totalMinor} ${order.currency} (minor units)`, {
      status: order.status,
      version: order.version,
      style: order.sagaStyle,
      chargeId: order.chargeId,
      cancelReason: order.cancelReason,
    }),
    ...order.transitions.map(({ from, to, at, messageId, seq }) =>
      row('orders.order_transitions', at, `${from ?? 'nothing'} → ${to}`, { seq, messageId }),
    ),
  ];
}

function stockFacts({ reservation, stockMovements }: Dossier): TimelineFact[] {
  return [
    ...(reservation === null
      ? []
      : [
          row('inventory.reservations', reservation.updatedAt, `reservation is ${reservation.state}`, {
            version: reservation.version,
            reservationId: reservation.reservationId,
          }),
        ]),
    ...stockMovements.map(({ sku, delta, kind, at }) =>
      row('inventory.stock_ledger', at, `${delta} × ${sku}`, { kind }),
    ),
  ];
}

function moneyFacts({ payment, bookings, charges, movements }: Dossier): TimelineFact[] {
  const money = (at: string, what: string, fields: Fields): TimelineFact => ({
    ...row('provider', at, what, fields),
    kind: 'money',
  });
  return [
    ...(payment === null
      ? []
      : [
          row('billing.payment', payment.updatedAt, `payment is ${payment.status}`, {
            chargeId: payment.chargeId,
            version: payment.version,
          }),
        ]),
    ...bookings.map(({ kind, providerReference, recordedAt, entries }) =>
      row('billing.ledger_transaction', recordedAt, `${kind} booked in ${entries.length} entries`, {
        providerReference,
      }),
    ),
    ...charges
      .filter(({ status }) => status !== 'succeeded')
      .map(({ id, status, createdAt }) => money(createdAt, `charge ${status}`, { chargeId: id })),
    ...movements.map(({ kind, chargeId, amountMinor, currency, recordedAt, refundId }) =>
      money(recordedAt, `${kind} of ${amountMinor} ${currency} (minor units)`, { chargeId, refundId }),
    ),
  ];
}

function paperFacts({ invoices, mails }: Dossier): TimelineFact[] {
  return [
    ...invoices.map(({ number, totalMinor, issuedAt }) =>
      row('workers.invoices', issuedAt, `invoice ${number}`, { totalMinor }),
    ),
    ...mails.map(({ id, kind, sentAt }) => row('workers.mails', sentAt, `mail ${kind}`, { mailId: id })),
  ];
}

function messageFacts({ records, outbox, inbox, parked }: Dossier): TimelineFact[] {
  const events = new Map(records.map(({ messageId, event }) => [messageId, event]));
  const onTopic = new Set(records.map(({ messageId }) => messageId));
  return [
    ...records.map(
      (record): TimelineFact => ({
        at: record.occurredAt ?? new Date(record.publishedAt).toISOString(),
        kind: 'message',
        source: record.topic,
        what: record.event ?? 'message',
        position: { topic: record.topic, partition: record.partition, offset: String(record.offset) },
        fields: {
          messageId: record.messageId,
          causationId: record.causationId,
          version: record.version,
          ...(record.invalid === null ? {} : { invalid: record.invalid }),
        },
      }),
    ),
    ...outbox
      .filter(({ id }) => !onTopic.has(id))
      .map(({ service, id, topic, createdAt, publishedAt }) =>
        row(
          `${service}.outbox`,
          createdAt,
          publishedAt === null ? `waits for ${topic}` : `published to ${topic}, not there`,
          { messageId: id },
        ),
      ),
    ...inbox.map(({ consumer, messageId, receivedAt }) =>
      row(`${consumer}.inbox`, receivedAt, `handled ${events.get(messageId) ?? 'a message'}`, { messageId }),
    ),
    ...parked.map(({ consumer, position, parkedAt, releasedAt, reason }) =>
      row(`${consumer}.parked`, parkedAt, `parked ${position}`, { reason, releasedAt }),
    ),
  ];
}
