import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EventMetadata } from '#contracts/events/envelope.ts';
import type { EventOf } from '#contracts/events/registry.ts';
import { newId } from '#kit/ids.ts';
import type { MessageContext } from '#kit/kafka/handlers.ts';
import { type Database, openDatabase } from '#kit/postgres/database.ts';
import { testService } from '#kit/testing/service.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { handleCancelled } from './handle-cancelled.ts';
import { invoiceOrder, notifyConfirmed } from './handle-commands.ts';
import { handleConfirmed } from './handle-confirmed.ts';
import { anOrderConfirmed } from './invoice/invoice.builder.ts';
import { createTypefaces } from './invoice/typeface.ts';
import type { Job } from './jobs/job.ts';
import { mailboxCleanup } from './jobs/mailbox-cleanup.ts';
import { runDueJob } from './jobs/run-due-job.ts';
import { salesSummary } from './jobs/sales-summary.ts';
import { registerJob } from './jobs/store.ts';
import { findInvoice, readMails } from './store.ts';

let postgres: TestPostgres;
let db: Database;
let context: MessageContext;
let nowMs: number;

const deps = {
  producer: 'workers',
  clock: { now: () => nowMs },
  typefaces: createTypefaces(new URL('./fonts/', import.meta.url)),
};

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop(), 60_000);

beforeEach(async () => {
  nowMs = Date.parse('2026-11-22T10:00:00.000Z');
  const { service, stop } = testService({ DATABASE_URL: await postgres.createDatabase() }, { name: 'workers' });
  db = await openDatabase(service, { migrations: new URL('./migrations/', import.meta.url) });
  const { log, signal } = service;
  context = { topic: 'orders.events', partition: 0, offset: '0', attempt: 1, log, signal };
  return stop;
}, 60_000);

function metadata(orderId: string): EventMetadata {
  const occurredAt = new Date(nowMs).toISOString();
  return {
    id: newId(),
    occurredAt,
    correlationId: orderId,
    causationId: null,
    sagaId: orderId,
    aggregateVersion: 5,
    producer: 'orders',
  };
}

function confirm(orderId = newId()) {
  const event: EventOf<'order.confirmed'> = {
    event: 'order.confirmed',
    version: '1.0.0',
    data: anOrderConfirmed(2, { orderId }),
    metadata: metadata(orderId),
  };
  return db.transaction((tx) => handleConfirmed(tx, event, deps, context));
}

function cancel(orderId: string) {
  const detail = 'Prism sculptural table lamp is sold out. Your card has not been charged.';
  const order = { orderId, customerId: newId(), total: { amountMinor: 100, currency: 'EUR' as const }, detail };
  const notice = { order, style: 'choreography' as const, cause: metadata(orderId) };
  return db.transaction((tx) => handleCancelled(tx, notice, deps, context));
}

async function published(orderId: string) {
  const { rows } = await db.query<{ type: string; version: number }>(
    'select type, aggregate_version as version from outbox where aggregate_id = $1 order by seq',
    [orderId],
  );
  return rows.map(({ type, version }) => `${type} ${version}`);
}

test('a confirmed order gets one invoice and one mail, however often the message comes', async () => {
  const orderId = newId();
  await confirm(orderId);
  await confirm(orderId);
  const found = await findInvoice(db, orderId);
  expect(found?.invoice).toMatchObject({ number: 'INV-2026-000001', total: { amountMinor: 11800, currency: 'EUR' } });
  expect(found?.pdf.subarray(0, 5).toString()).toBe('%PDF-');
  const mails = await readMails(db, { orderId, limit: 10 });
  expect(mails).toHaveLength(1);
  expect(mails[0]?.text).toContain('INV-2026-000001');
  expect(await published(orderId)).toEqual(['invoice.issued 1', 'notification.sent 2']);
});

test('told by the orchestrator, invoice and mail are two steps, each done once; the mail waits for its invoice', async () => {
  const orderId = newId();
  const data = anOrderConfirmed(2, { orderId });
  const command = <N extends 'workers.issue_invoice' | 'workers.notify_confirmed'>(event: N) =>
    ({ event, version: '1.0.0', data, metadata: metadata(orderId) }) as EventOf<N>;
  const notify = () => db.transaction((tx) => notifyConfirmed(tx, command('workers.notify_confirmed'), deps, context));
  const invoice = () => db.transaction((tx) => invoiceOrder(tx, command('workers.issue_invoice'), deps, context));
  await expect(notify()).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  await invoice();
  await invoice();
  await notify();
  await notify();
  expect(await published(orderId)).toEqual(['invoice.issued 1', 'notification.sent 2']);
  expect((await readMails(db, { orderId, limit: 10 })).map(({ text }) => text.includes('INV-2026-000001'))).toEqual([
    true,
  ]);
});

test('invoice numbers have no gap, also when some transactions roll back', async () => {
  await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      index % 3 === 0
        ? db
            .transaction(async (tx) => {
              const orderId = newId();
              const data = anOrderConfirmed(1, { orderId });
              const event = { event: 'order.confirmed' as const, version: '1.0.0', data, metadata: metadata(orderId) };
              await handleConfirmed(tx, event, deps, context);
              throw new Error('crash before commit');
            })
            .catch(() => {})
        : confirm(),
    ),
  );
  const { rows } = await db.query<{ number: string }>('select number from invoices order by number');
  expect(rows.map((row) => row.number)).toEqual(
    Array.from({ length: 8 }, (_, index) => `INV-2026-${String(index + 1).padStart(6, '0')}`),
  );
});

test('numbers start again with the year', async () => {
  await confirm();
  nowMs = Date.parse('2027-01-01T00:00:00.000Z');
  const orderId = newId();
  await confirm(orderId);
  expect((await findInvoice(db, orderId))?.invoice.number).toBe('INV-2027-000001');
});

test('a cancelled order gets one mail and no invoice', async () => {
  const orderId = newId();
  await cancel(orderId);
  await cancel(orderId);
  expect(await findInvoice(db, orderId)).toBeNull();
  expect((await readMails(db, { orderId: null, limit: 10 })).map((mail) => mail.kind)).toEqual(['order_cancelled']);
  expect(await published(orderId)).toEqual(['notification.sent 1']);
});

const jobContext = () => ({ db, clock: deps.clock, log: context.log, signal: context.signal });

test('a due job runs once, then waits for its next turn', async () => {
  let runs = 0;
  const job: Job = { name: 'count', schedule: { everyMs: 60_000 }, leaseMs: 1_000, run: async () => void runs++ };
  await registerJob(db, job.name, nowMs);
  expect(await Promise.all([runDueJob([job], 'a', jobContext()), runDueJob([job], 'b', jobContext())])).toContain(null);
  expect(runs).toBe(1);
  expect(await runDueJob([job], 'a', jobContext())).toBeNull();
  nowMs += 60_000;
  expect(await runDueJob([job], 'b', jobContext())).toBe('count');
});

test('the job of a dead worker is taken over when its lease has run out', async () => {
  let runs = 0;
  const job: Job = { name: 'count', schedule: { everyMs: 60_000 }, leaseMs: 1_000, run: async () => void runs++ };
  await registerJob(db, job.name, nowMs);
  await db.query("update jobs set leased_by = 'dead', leased_until = $1", [new Date(nowMs + 1_000)]);
  expect(await runDueJob([job], 'a', jobContext())).toBeNull();
  nowMs += 1_000;
  expect(await runDueJob([job], 'a', jobContext())).toBe('count');
  expect(runs).toBe(1);
});

test('a failed job keeps its error and is tried again within a minute', async () => {
  const job: Job = {
    name: 'fail',
    schedule: { everyMs: 3_600_000 },
    leaseMs: 1_000,
    run: async () => {
      throw new Error('disk full');
    },
  };
  await registerJob(db, job.name, nowMs);
  await runDueJob([job], 'a', jobContext());
  const { rows } = await db.query('select last_error, failures, leased_by, next_run_at from jobs');
  expect(rows).toEqual([
    { last_error: 'disk full', failures: 1, leased_by: null, next_run_at: '2026-11-22T10:01:00.000Z' },
  ]);
});

test('the sales summary covers finished days only, and running it twice adds nothing', async () => {
  await confirm();
  await confirm();
  await salesSummary.run(jobContext());
  expect((await db.query('select * from sales_summaries')).rows).toEqual([]);
  nowMs = Date.parse('2026-11-23T00:05:00.000Z');
  await salesSummary.run(jobContext());
  await salesSummary.run(jobContext());
  const { rows } = await db.query('select day::text, currency, orders, total_minor from sales_summaries');
  expect(rows).toEqual([{ day: '2026-11-22', currency: 'EUR', orders: 2, total_minor: 23600 }]);
});

test('the mailbox keeps thirty days', async () => {
  await cancel(newId());
  nowMs += 20 * 86_400_000;
  await cancel(newId());
  nowMs += 11 * 86_400_000;
  await mailboxCleanup.run(jobContext());
  expect(await readMails(db, { orderId: null, limit: 10 })).toHaveLength(1);
});
