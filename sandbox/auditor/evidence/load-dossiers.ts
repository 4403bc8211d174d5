/**
 * Reads the dossiers of a batch of orders: one statement per table and batch, by primary key or index, so that a batch
 * of hundreds costs each database a few milliseconds.
 */
import type { Databases } from '../databases.ts';
import { aggregates, missingVersions } from './aggregates.ts';
import type { ClientHistory } from './client-history.ts';
import { consumers, outboxOwners, publisherOf } from './consumers.ts';
import { deliveriesOf, kindOf } from './deliveries.ts';
import type { Booking, Dossier, OrderRow, OutboxRow, ParkedRow, PriceRow, ReservationRow } from './dossier.ts';
import type { TopicIndex } from './topic-index.ts';

export type DossierSources = {
  databases: Databases;
  index: TopicIndex;
  client: ClientHistory;
  committed(): ReadonlyMap<string, ReadonlyMap<string, bigint>>;
  now(): number;
};

type ByOrder<T> = Map<string, T[]>;

export async function loadDossiers(sources: DossierSources, orderIds: readonly string[]): Promise<Dossier[]> {
  const { databases, index, client } = sources;
  // The topics may hold keys that no order has.
  const ids = orderIds.filter((id) => uuid.test(id));
  const recordsOf = (id: string) => index.get(id)?.records ?? [];
  const [owned, stock, money, provider, papers, views, messages, prices] = await Promise.all([
    readOrders(databases, ids),
    readStock(databases, ids),
    readMoney(databases, ids),
    readProvider(databases, ids),
    readPapers(databases, ids),
    readViews(databases, ids),
    readMessages(databases, index, ids),
    readPrices(databases),
  ]);
  const drafts = ids.map((orderId): Dossier => {
    const order = owned.get(orderId)?.[0] ?? null;
    return {
      orderId,
      readAtMs: sources.now(),
      order,
      reservation: stock.reservations.get(orderId)?.[0] ?? null,
      stockMovements: stock.movements.get(orderId) ?? [],
      payment: money.payments.get(orderId)?.[0] ?? null,
      bookings: money.bookings.get(orderId) ?? [],
      charges: provider.charges.get(orderId) ?? [],
      movements: provider.movements.get(orderId) ?? [],
      invoices: papers.invoices.get(orderId) ?? [],
      mails: papers.mails.get(orderId) ?? [],
      view: views.get(orderId)?.[0]?.view ?? null,
      records: recordsOf(orderId),
      recordsComplete: !index.forgotten(orderId),
      outbox: messages.outbox.get(orderId) ?? [],
      inbox: messages.inbox.get(orderId) ?? [],
      parked: messages.parked.get(orderId) ?? [],
      deliveries: [],
      prices: (order?.lines ?? []).flatMap(({ sku }) => prices.get(sku) ?? []),
      client: client.of(orderId),
    };
  });
  await completeOutbox(databases, drafts);
  for (const draft of drafts) learnKinds(index.handledKinds, draft);
  const context = { handledKinds: index.handledKinds, committed: sources.committed() };
  return drafts.map((draft) => ({ ...draft, deliveries: deliveriesOf(draft, context) }));
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function learnKinds(kinds: Set<string>, dossier: Dossier): void {
  const events = new Map(dossier.records.map(({ messageId, event }) => [messageId, event]));
  for (const { consumer, messageId } of dossier.inbox) {
    const event = events.get(messageId);
    if (event) kinds.add(kindOf(consumer, event, dossier.order?.sagaStyle ?? null));
  }
}

async function readOrders(databases: Databases, ids: readonly string[]): Promise<ByOrder<OrderRow>> {
  const rows = await databases.query<OrderRow & { orderId: string }>(
    'orders',
    `select id as "orderId", status, version, saga_id as "sagaId", saga_style as "sagaStyle", customer_id as "customerId",
       total_minor as "totalMinor", currency, quote_id as "quoteId", charge_id as "chargeId",
       reservation_id as "reservationId", cancel_reason as "cancelReason", created_at as "createdAt", updated_at as "updatedAt",
       coalesce((select json_agg(json_build_object('sku', sku, 'qty', qty, 'unitMinor', unit_minor, 'lineMinor', line_minor,
         'priceVersion', price_version) order by line_no) from order_lines where order_id = o.id), '[]') as lines,
       coalesce((select json_agg(json_build_object('seq', seq, 'from', from_status, 'to', to_status, 'messageId', message_id,
         'at', at) order by seq) from order_transitions where order_id = o.id), '[]') as transitions
     from orders o where id = any($1)`,
    [ids],
  );
  return byOrder(rows);
}

async function readStock(databases: Databases, ids: readonly string[]) {
  const [reservations, movements] = await Promise.all([
    databases.query<ReservationRow & { orderId: string }>(
      'inventory',
      `select order_id as "orderId", state, version, reservation_id as "reservationId", updated_at as "updatedAt",
         coalesce((select json_agg(json_build_object('sku', sku, 'qty', qty)) from reservation_lines l
           where l.order_id = r.order_id), '[]') as lines
       from reservations r where order_id = any($1)`,
      [ids],
    ),
    databases.query<Dossier['stockMovements'][number] & { orderId: string }>(
      'inventory',
      'select order_id as "orderId", sku, delta, kind, at from stock_ledger where order_id = any($1)',
      [ids],
    ),
  ]);
  return { reservations: byOrder(reservations), movements: byOrder(movements) };
}

async function readMoney(databases: Databases, ids: readonly string[]) {
  const [payments, bookings] = await Promise.all([
    databases.query<NonNullable<Dossier['payment']> & { orderId: string }>(
      'billing',
      `select order_id as "orderId", status, amount_minor as "amountMinor", currency, charge_id as "chargeId", version,
         updated_at as "updatedAt" from payment where order_id = any($1)`,
      [ids],
    ),
    databases.query<Booking & { orderId: string }>(
      'billing',
      `select p.order_id as "orderId", t.id, t.kind, t.provider_reference as "providerReference", t.recorded_at as "recordedAt",
         coalesce((select json_agg(json_build_object('account', account, 'amountMinor', amount_minor, 'currency', currency)
           order by seq) from ledger_entry where transaction_id = t.id), '[]') as entries
       from payment p join ledger_transaction t on t.payment_id = p.id where p.order_id = any($1)`,
      [ids],
    ),
  ]);
  return { payments: byOrder(payments), bookings: byOrder(bookings) };
}

async function readProvider(databases: Databases, ids: readonly string[]) {
  const [charges, movements] = await Promise.all([
    databases.query<Dossier['charges'][number] & { orderId: string }>(
      'payments',
      `select reference as "orderId", id, status, amount_minor as "amountMinor", currency, created_at as "createdAt"
       from charge where reference = any($1)`,
      [ids],
    ),
    databases.query<Dossier['movements'][number] & { orderId: string }>(
      'payments',
      `select c.reference as "orderId", m.kind, m.charge_id as "chargeId", m.refund_id as "refundId",
         m.amount_minor as "amountMinor", m.currency, m.recorded_at as "recordedAt"
       from charge c join ledger_movement m on m.charge_id = c.id where c.reference = any($1)`,
      [ids],
    ),
  ]);
  return { charges: byOrder(charges), movements: byOrder(movements) };
}

async function readPapers(databases: Databases, ids: readonly string[]) {
  const [invoices, mails] = await Promise.all([
    databases.query<Dossier['invoices'][number] & { orderId: string }>(
      'workers',
      `select order_id as "orderId", number, total_minor as "totalMinor", currency, issued_at as "issuedAt"
       from invoices where order_id = any($1)`,
      [ids],
    ),
    databases.query<Dossier['mails'][number] & { orderId: string }>(
      'workers',
      'select order_id as "orderId", id, kind, sent_at as "sentAt" from mails where order_id = any($1)',
      [ids],
    ),
  ]);
  return { invoices: byOrder(invoices), mails: byOrder(mails) };
}

async function readViews(databases: Databases, ids: readonly string[]) {
  const sql = 'select id as "orderId", view from order_view where id = any($1)';
  return byOrder(await databases.query<{ orderId: string; view: Record<string, unknown> }>('history', sql, [ids]));
}

async function readMessages(databases: Databases, index: TopicIndex, ids: readonly string[]) {
  const orderOf = new Map<string, string>();
  const published = new Map<string, string[]>();
  for (const id of ids) {
    for (const { messageId, topic } of index.get(id)?.records ?? []) {
      if (messageId === null || !uuid.test(messageId)) continue;
      orderOf.set(messageId, id);
      const owner = publisherOf(topic);
      if (owner !== null) published.set(owner, [...(published.get(owner) ?? []), messageId]);
    }
  }
  const outbox = outboxOwners.map((service) =>
    databases.query<OutboxRow>(
      service,
      `select ${outboxColumns} from outbox where id = any($1)
       union
       select ${outboxColumns} from outbox where published_at is null and parked_at is null and key = any($2)`,
      [published.get(service) ?? [], ids],
    ),
  );
  const inbox = consumers.map((consumer) =>
    databases.query<Dossier['inbox'][number]>(
      consumer,
      `select consumer, message_id as "messageId", received_at as "receivedAt" from inbox
       where consumer = $2 and message_id = any($1)`,
      [[...orderOf.keys()], consumer],
    ),
  );
  const parked = consumers.map((consumer) =>
    databases.query<ParkedRow & { orderId: string }>(
      consumer,
      `select key as "orderId", consumer, position, message_id as "messageId", reason, parked_at as "parkedAt",
         released_at as "releasedAt" from parked where key = any($1)`,
      [ids],
    ),
  );
  const outboxRows = (await Promise.all(outbox)).flatMap((rows, at) => rows.map(ofService(outboxOwners[at])));
  return {
    outbox: byOrder(outboxRows.map((row) => ({ ...row, orderId: orderOf.get(row.id) ?? row.key }))),
    inbox: byOrder(
      (await Promise.all(inbox)).flat().map((row) => ({ ...row, orderId: orderOf.get(row.messageId) ?? '' })),
    ),
    parked: byOrder((await Promise.all(parked)).flat()),
  };
}

const outboxColumns = `id, topic, key, aggregate_version as "aggregateVersion", published_at as "publishedAt",
  created_at as "createdAt"`;

const ofService =
  (service = '') =>
  (row: OutboxRow): OutboxRow => ({ ...row, service });

/**
 * Where an owner counts more events than can be seen, all its outbox rows of that order are looked for. Nothing is
 * indexed by aggregate, so this reads the whole table; it is asked only when something is wrong.
 */
async function completeOutbox(databases: Databases, dossiers: Dossier[]): Promise<void> {
  for (const { service, topic, versionOf } of aggregates) {
    const short = dossiers.filter(
      (dossier) => dossier.recordsComplete && missingVersions(dossier, topic, versionOf(dossier)).length > 0,
    );
    if (short.length === 0) continue;
    const rows = await databases.query<OutboxRow>(
      service,
      `select ${outboxColumns} from outbox where aggregate_id = any($1)`,
      [short.map(({ orderId }) => orderId)],
    );
    for (const dossier of short) {
      const known = new Set(dossier.outbox.map(({ id }) => id));
      const found = rows.filter(({ id, key }) => key === dossier.orderId && !known.has(id)).map(ofService(service));
      dossier.outbox.push(...found);
    }
  }
}

async function readPrices(databases: Databases): Promise<Map<string, PriceRow[]>> {
  const rows = await databases.query<PriceRow>(
    'pricing',
    'select sku, version, amount_minor as "amountMinor", currency, valid_from as "validFrom" from prices order by sku, version',
  );
  return Map.groupBy(rows, ({ sku }) => sku);
}

function byOrder<T extends { orderId: string }>(rows: readonly T[]): ByOrder<T> {
  return Map.groupBy(rows, ({ orderId }) => orderId);
}
