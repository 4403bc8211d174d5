import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EventMetadata } from '#contracts/events/envelope.ts';
import type { EventData, EventName } from '#contracts/events/events.ts';
import type { SeedProduct } from '#contracts/seed/product.ts';
import { newId } from '#kit/ids.ts';
import type { MessageContext, PreparedHandler } from '#kit/kafka/handlers.ts';
import { type Database, openDatabase } from '#kit/postgres/database.ts';
import { testService } from '#kit/testing/service.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { commitStock } from './commit-stock.ts';
import { inventoryHandlers } from './consumers.ts';
import { expireReservations, startExpiring } from './expire-reservations.ts';
import { listStockItems } from './list-stock.ts';
import { releaseStock } from './release-stock.ts';
import { reserveStock } from './reserve-stock.ts';
import { restockProduct } from './restock-product.ts';
import { seedStock } from './seed-stock.ts';

const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' as const });
const product = (sku: string, initialStock: number): SeedProduct => ({
  sku,
  name: `Product ${sku}`,
  description: 'A thing that is only here to be counted. It has no other use.',
  category: 'games',
  price: eur(100),
  initialStock,
});

let postgres: TestPostgres;
let db: Database;
let stop: () => Promise<void>;
let context: MessageContext;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop(), 60_000);

beforeEach(async () => {
  const test = testService({ DATABASE_URL: await postgres.createDatabase() }, { name: 'inventory' });
  db = await openDatabase(test.service, { migrations: new URL('./migrations/', import.meta.url) });
  await seedStock(db, [product('A1', 5), product('B1', 10), product('C1', 0)]);
  context = {
    topic: 'orders.events',
    partition: 0,
    offset: '0',
    attempt: 1,
    log: test.service.log,
    signal: test.service.signal,
  };
  stop = test.stop;
  return stop;
}, 60_000);

function metadata(orderId: string): EventMetadata {
  const id = newId();
  const occurredAt = '2026-11-22T10:00:00.000Z';
  return {
    id,
    occurredAt,
    correlationId: orderId,
    causationId: null,
    sagaId: orderId,
    aggregateVersion: 1,
    producer: 'test',
  };
}

const minuteMs = 60_000;
const reserve = (orderId: string, items: EventData<'inventory.reserve'>['items'], ttlMs = minuteMs) => {
  const order = { orderId, customerId: newId(), items, total: eur(100), payment: { token: 'tok_visa' as const } };
  const request = { order, style: 'choreography' as const, cause: metadata(orderId), ttlMs };
  return db.transaction((tx) => reserveStock(tx, request, 'inventory', context));
};

const release = (orderId: string) =>
  db.transaction((tx) =>
    releaseStock(tx, { orderId, reason: 'payment_failed', cause: metadata(orderId) }, 'inventory', context),
  );

const commit = (orderId: string, attempt = 1) =>
  db.transaction((tx) =>
    commitStock(tx, { orderId, style: 'choreography', cause: metadata(orderId) }, 'inventory', { ...context, attempt }),
  );

async function stockOf(sku: string) {
  const [item] = await listStockItems(db, { skus: sku });
  return item && { onHand: item.onHand, reserved: item.reserved, available: item.available };
}

/** S1, S2 and S7 of FAULTS.md, recomputed from the ledger and the reservations. */
async function expectBooksToBalance() {
  const { rows } = await db.query(`
    select sku from stock s
     where on_hand <> initial + (select coalesce(sum(delta), 0) from stock_ledger l where l.sku = s.sku)
        or reserved <> (select coalesce(sum(qty), 0) from reservation_lines join reservations using (order_id)
                         where state = 'active' and reservation_lines.sku = s.sku)
        or on_hand < 0 or reserved < 0 or reserved > on_hand`);
  expect(rows).toEqual([]);
  const gaps = await db.query(`
    select aggregate_id from outbox group by aggregate_id
    having max(aggregate_version) <> count(*) or count(distinct aggregate_version) <> count(*)`);
  expect(gaps.rows).toEqual([]);
}

async function published(orderId: string): Promise<string[]> {
  const { rows } = await db.query<{ type: string }>('select type from outbox where aggregate_id = $1 order by seq', [
    orderId,
  ]);
  return rows.map((row) => row.type);
}

test('reserves, then commits: the goods leave once, and the ledger says so', async () => {
  const orderId = newId();
  await reserve(orderId, [
    { sku: 'B1', qty: 4 },
    { sku: 'A1', qty: 2 },
  ]);
  expect(await stockOf('A1')).toEqual({ onHand: 5, reserved: 2, available: 3 });
  await commit(orderId);
  await commit(orderId);
  expect(await stockOf('A1')).toEqual({ onHand: 3, reserved: 0, available: 3 });
  expect(await stockOf('B1')).toEqual({ onHand: 6, reserved: 0, available: 6 });
  expect(await published(orderId)).toEqual(['inventory.reserved', 'inventory.committed']);
  await expectBooksToBalance();
});

test('one missing product rejects the whole order and names the shortage', async () => {
  const orderId = newId();
  await reserve(orderId, [
    { sku: 'A1', qty: 1 },
    { sku: 'C1', qty: 1 },
  ]);
  expect(await stockOf('A1')).toEqual({ onHand: 5, reserved: 0, available: 5 });
  const { rows } = await db.query<{ data: object }>(
    `select payload->'data' as data from outbox where aggregate_id = $1`,
    [orderId],
  );
  expect(rows[0]?.data).toEqual({ orderId, shortages: [{ sku: 'C1', requested: 1, available: 0 }] });
});

test('a failed payment puts the goods back, once', async () => {
  const orderId = newId();
  await reserve(orderId, [{ sku: 'A1', qty: 5 }]);
  await release(orderId);
  await release(orderId);
  expect(await stockOf('A1')).toEqual({ onHand: 5, reserved: 0, available: 5 });
  expect(await published(orderId)).toEqual(['inventory.reserved', 'inventory.released']);
});

test('a release before its reserve leaves a tombstone', async () => {
  const orderId = newId();
  await release(orderId);
  await reserve(orderId, [{ sku: 'A1', qty: 1 }]);
  expect(await stockOf('A1')).toMatchObject({ reserved: 0 });
  expect(await published(orderId)).toEqual(['inventory.released']);
});

const expire = () => expireReservations({ db, producer: 'inventory', log: context.log });

test('a promise ends when it is due and not before, once, and the goods are free again', async () => {
  const [due, live] = [newId(), newId()];
  await reserve(due, [{ sku: 'A1', qty: 2 }], 0);
  await reserve(live, [{ sku: 'A1', qty: 1 }]);
  const swept = await Promise.all([expire(), expire(), expire()]);
  expect(swept.reduce((sum, count) => sum + count, 0)).toBe(1);
  expect(await stockOf('A1')).toEqual({ onHand: 5, reserved: 1, available: 4 });
  await release(due);
  expect(await published(due)).toEqual(['inventory.reserved', 'inventory.released']);
  const { rows } = await db.query<{ data: object; reserved: EventMetadata; released: EventMetadata }>(
    `select b.payload->'data' as data, a.payload->'metadata' as reserved, b.payload->'metadata' as released
       from outbox a join outbox b using (aggregate_id)
      where aggregate_id = $1 and a.type = 'inventory.reserved' and b.type = 'inventory.released'`,
    [due],
  );
  expect(rows[0]?.data).toMatchObject({ orderId: due, reason: 'reservation expired', expired: true });
  // It has the cause and the saga of what asked for the stock.
  const { reserved, released } = rows[0] as NonNullable<(typeof rows)[0]>;
  const { causationId, correlationId, sagaId } = released;
  expect({ causationId, correlationId, sagaId }).toEqual({
    causationId: reserved.causationId,
    correlationId: due,
    sagaId: reserved.sagaId,
  });
  await expectBooksToBalance();
});

test('an order whose promise cannot be taken back is told, and holds no other up', async () => {
  const [broken, fine] = [newId(), newId()];
  await reserve(broken, [{ sku: 'A1', qty: 2 }], 0);
  await reserve(fine, [{ sku: 'B1', qty: 1 }], 0);
  await db.query(`update stock set reserved = 0 where sku = 'A1'`);
  await expect(expire()).rejects.toThrow();
  expect(await published(broken)).toEqual(['inventory.reserved']);
  expect(await published(fine)).toEqual(['inventory.reserved', 'inventory.released']);
  await db.query(`update stock set reserved = 2 where sku = 'A1'`);
  expect(await expire()).toBe(1);
});

test('nothing expires before inventory has heard what was said while it was away', async () => {
  const due = newId();
  await reserve(due, [{ sku: 'A1', qty: 2 }], 0);
  const { service, stop: stopExpiring } = testService({}, { name: 'inventory' });
  const publishedWhenAsked: string[][] = [];
  startExpiring(service, db, async () => {
    publishedWhenAsked.push(await published(due));
    return publishedWhenAsked.length === 1 ? 7 : 0;
  });
  await until('it expires', async () => ((await published(due)).includes('inventory.released') ? true : null));
  await stopExpiring();
  expect(publishedWhenAsked).toEqual([['inventory.reserved'], ['inventory.reserved']]);
});

test('a saga that decides after its promise ran out is served from what is free, or told what is missing', async () => {
  const [first, second] = [newId(), newId()];
  await reserve(first, [{ sku: 'A1', qty: 4 }], 0);
  await expire();
  await reserve(second, [{ sku: 'A1', qty: 2 }]);
  await expect(commit(first)).rejects.toMatchObject({
    code: 'conflict',
    message: `order ${first}: the reservation expired, and there is not enough left of A1 (3 of 4)`,
  });
  expect(await stockOf('A1')).toEqual({ onHand: 5, reserved: 2, available: 3 });
  await restockProduct(db, 'A1', 1, 'for the order that waits');
  await commit(first);
  expect(await stockOf('A1')).toEqual({ onHand: 2, reserved: 2, available: 0 });
  expect(await published(first)).toEqual(['inventory.reserved', 'inventory.released', 'inventory.committed']);
  await expectBooksToBalance();
});

test('a saga and the end of its promise at the same time: one of them has its way', async () => {
  const orders = Array.from({ length: 8 }, () => newId());
  for (const orderId of orders) await reserve(orderId, [{ sku: 'B1', qty: 1 }], 0);
  await Promise.all([
    expire(),
    ...orders.map((orderId, index) => (index % 2 === 0 ? commit(orderId) : release(orderId))),
  ]);
  await expire();
  expect(await stockOf('B1')).toEqual({ onHand: 6, reserved: 0, available: 6 });
  await expectBooksToBalance();
});

test('a commit before its reserve is tried again, and parked only after many tries', async () => {
  const orderId = newId();
  await expect(commit(orderId)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  await expect(commit(orderId, 12)).rejects.toMatchObject({ code: 'conflict', retryable: false });
  await reserve(orderId, [{ sku: 'A1', qty: 1 }]);
  await commit(orderId);
  expect(await published(orderId)).toEqual(['inventory.reserved', 'inventory.committed']);
});

test.each([
  ['an orchestrated order', 'order.screened', { decision: 'accept', sagaStyle: 'orchestration' }],
  ['the sale of an orchestrated order', 'order.confirmed', { sagaStyle: 'orchestration' }],
  ['the undoing of an orchestrated order', 'order.compensating', { sagaStyle: 'orchestration' }],
] as const)('%s is nothing to react to', (_name, event, data) => {
  const handler = inventoryHandlers({ producer: 'inventory', ttlMs: minuteMs })[event] as PreparedHandler<EventName>;
  expect(handler.wants?.({ event, data } as never)).toBe(false);
  expect(handler.wants?.({ event, data: { decision: 'accept', sagaStyle: 'choreography' } } as never)).toBe(true);
});

test('forty orders that name the same products in opposite order neither deadlock nor oversell', async () => {
  const orders = Array.from({ length: 40 }, () => newId());
  await Promise.all(
    orders.map((orderId, index) => {
      const items = [
        { sku: 'A1', qty: 1 },
        { sku: 'B1', qty: 1 },
      ];
      return reserve(orderId, index % 2 === 0 ? items : items.reverse());
    }),
  );
  expect(await stockOf('A1')).toEqual({ onHand: 5, reserved: 5, available: 0 });
  expect(await stockOf('B1')).toEqual({ onHand: 10, reserved: 5, available: 5 });
  await Promise.all(orders.flatMap((orderId) => [release(orderId), release(orderId)]));
  expect(await stockOf('A1')).toMatchObject({ reserved: 0 });
  await expectBooksToBalance();
});

test('the same order delivered many times at once is reserved once', async () => {
  const orderId = newId();
  await Promise.all(Array.from({ length: 6 }, () => reserve(orderId, [{ sku: 'B1', qty: 2 }])));
  expect(await stockOf('B1')).toMatchObject({ reserved: 2 });
  expect(await published(orderId)).toEqual(['inventory.reserved']);
});

test('restocking adds to the shelf and the ledger; an unknown SKU is not found', async () => {
  expect(await restockProduct(db, 'C1', 7, 'delivery')).toMatchObject({ onHand: 7, available: 7 });
  await expectBooksToBalance();
  await expect(restockProduct(db, 'Z9', 7, 'delivery')).rejects.toMatchObject({ code: 'not_found' });
});

test('seeding again changes nothing, and the ledger cannot be rewritten', async () => {
  await restockProduct(db, 'A1', 1, 'delivery');
  expect(await seedStock(db, [product('A1', 500), product('D1', 1)])).toBe(1);
  expect(await stockOf('A1')).toMatchObject({ onHand: 6 });
  await expect(db.query('update stock_ledger set delta = 2')).rejects.toThrow(/append-only/);
  await expect(db.query("update stock set reserved = 99 where sku = 'A1'")).rejects.toThrow(/reserved_within_on_hand/);
});
