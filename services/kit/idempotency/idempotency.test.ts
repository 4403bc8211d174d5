import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { newId } from '../ids.ts';
import type { Database } from '../postgres/database.ts';
import { testDatabase } from '../testing/pipeline.ts';
import { hashRequest, type IdempotencyKey, withIdempotencyKey } from './idempotency.ts';

let postgres: TestPostgres;
let db: Database;
let key: IdempotencyKey;

beforeAll(async () => {
  postgres = await startPostgres();
  db = await testDatabase(await postgres.createDatabase());
  await db.query('create table thing (id int)');
});

afterAll(async () => {
  await db?.close();
  await postgres?.stop();
});

beforeEach(() => {
  key = { scope: 'POST /things alice', key: newId(), request: { a: 1, b: { c: 2, d: 3 } } };
});

const answer = { status: 202, headers: { location: '/things/1' }, body: { id: 1, name: 'é' } };

const place = (request = key) =>
  withIdempotencyKey(db, request, async () => ({
    answer,
    apply: async (tx) => {
      await tx.query('insert into thing (id) values (1)');
    },
  }));

test('a repetition gets the first answer and changes nothing, in whatever order its fields come', async () => {
  await db.query('delete from thing');
  expect(await place()).toEqual({ answer, repeated: false });
  expect(await place({ ...key, request: { b: { d: 3, c: 2 }, a: 1 } })).toEqual({ answer, repeated: true });
  expect((await db.query('select * from thing')).rowCount).toBe(1);
});

test('the same key with another request is refused', async () => {
  await place();
  await expect(place({ ...key, request: { a: 2 } })).rejects.toMatchObject({ code: 'unprocessable' });
});

test('the same key of another caller is another key', async () => {
  await place();
  expect(await place({ ...key, scope: 'POST /things bob' })).toMatchObject({ repeated: false });
});

test('of many concurrent requests one changes something, and all get its answer', async () => {
  await db.query('delete from thing');
  const results = await Promise.all(Array.from({ length: 12 }, () => place()));
  expect(results.map((result) => result.answer)).toEqual(Array.from({ length: 12 }, () => answer));
  expect(results.filter((result) => !result.repeated)).toHaveLength(1);
  expect((await db.query('select * from thing')).rowCount).toBe(1);
});

const failingToPlan = (request = key) =>
  withIdempotencyKey(db, request, async () => {
    throw new Error('pricing is down');
  });

test('after a failure the key can be used again at once', async () => {
  await expect(failingToPlan()).rejects.toThrow('pricing is down');
  const failingToWrite = withIdempotencyKey(db, key, async () => ({
    answer,
    apply: async () => {
      throw new Error('no room');
    },
  }));
  await expect(failingToWrite).rejects.toThrow('no room');
  expect(await place()).toMatchObject({ repeated: false });
});

test('a repetition gets its answer also when nothing new could be planned', async () => {
  await place();
  expect(await failingToPlan()).toEqual({ answer, repeated: true });
  await expect(failingToPlan({ ...key, request: { a: 2 } })).rejects.toMatchObject({ code: 'unprocessable' });
});

test('requests hash alike only when they mean the same', () => {
  expect(hashRequest({ a: 1, b: [1, 2] })).toBe(hashRequest({ b: [1, 2], a: 1 }));
  expect(hashRequest({ b: [1, 2] })).not.toBe(hashRequest({ b: [2, 1] }));
});
