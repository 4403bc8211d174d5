import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { withoutTracing, withSpan } from '../telemetry/spans.ts';
import { recordTracing } from '../testing/tracing.ts';
import { createDatabase, type Database } from './database.ts';
import { recordCommit } from './statement-span.ts';

const epochMs = 1_795_000_000_000;
const tracing = recordTracing();
let postgres: TestPostgres;
let db: Database;

beforeAll(async () => {
  postgres = await startPostgres();
  db = createDatabase({ url: await postgres.createDatabase(), applicationName: 'test' });
  await db.query('create table thing (id int primary key)');
}, 60_000);
beforeEach(() => tracing.reset());
afterAll(async () => {
  await db?.close();
  await postgres?.stop();
});

const sqlSpans = () => tracing.spans().filter((span) => span.kind === SpanKind.CLIENT);

test('a statement is a span named after what it does, a transaction adds none', async () => {
  await withSpan('request', {}, () =>
    db.transaction(async (tx) => {
      tx.defer('insert into thing (id) values ($1)', [1]);
      await tx.query('select id from thing');
    }),
  );
  // A disk that is slow today gives its COMMIT a span.
  expect(
    sqlSpans()
      .map((span) => span.name)
      .slice(0, 2),
  ).toEqual(['SELECT thing', 'INSERT thing']);
  expect(sqlSpans()[1]?.attributes).toMatchObject({
    'db.system.name': 'postgresql',
    'db.operation.name': 'INSERT',
    'db.collection.name': 'thing',
    'db.query.text': 'insert into thing (id) values ($1)',
    'server.address': '127.0.0.1',
    'peer.service': 'postgres',
  });
});

test('a failed statement says how it failed', async () => {
  await withSpan('request', {}, async () => {
    await db.query('insert into thing (id) values (7), (7)').catch(() => {});
  });
  expect(sqlSpans()[0]).toMatchObject({
    status: { code: SpanStatusCode.ERROR },
    attributes: { 'error.type': '23505', 'db.response.status_code': '23505' },
  });
});

test('a transaction that gets no connection says on its own span whom it could not reach', async () => {
  const nowhere = createDatabase({ url: 'postgres://nobody@127.0.0.1:9/none', applicationName: 'test' });
  const request = withSpan('request', {}, () => nowhere.transaction(async () => {}));
  await expect(request).rejects.toMatchObject({ code: 'unavailable' });
  await nowhere.close();
  expect(sqlSpans()).toEqual([]);
  expect(tracing.spans()[0]?.attributes).toMatchObject({ [names.unreachable]: 'postgres' });
});

test('nothing is recorded outside of a trace, nor where tracing is off', async () => {
  await db.query('select 1');
  await withSpan('request', {}, () => withoutTracing(() => db.ping()));
  expect(sqlSpans()).toEqual([]);
});

test('the inbox and advisory locks are shown only when they took long or failed', async () => {
  await db.query('create table inbox (id int primary key)');
  await withSpan('request', {}, async () => {
    await db.query('insert into inbox (id) values (1)');
    await db.query('insert into inbox (id) select 2 from pg_sleep(0.03)');
    await expect(db.query('insert into inbox (id) values (1)')).rejects.toThrow();
  });
  const texts = sqlSpans().map((span) => span.attributes['db.query.text']);
  // A disk that is slow today may show the first one too.
  expect(texts.slice(-2)).toEqual([
    'insert into inbox (id) select 2 from pg_sleep(0.03)',
    'insert into inbox (id) values (1)',
  ]);
  const failed = sqlSpans().at(-1);
  expect(failed?.status.code).toBe(SpanStatusCode.ERROR);
  expect(failed?.attributes['db.response.status_code']).toBe('23505');
});

test('only a commit that took long is shown', async () => {
  await withSpan('request', {}, async () => {
    recordCommit({}, epochMs, epochMs + 19);
    recordCommit({}, epochMs, epochMs + 35);
  });
  expect(sqlSpans()).toMatchObject([{ name: 'COMMIT', duration: [0, 35_000_000] }]);
});
