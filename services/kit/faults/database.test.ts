import type { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { createDatabase, type Database } from '../postgres/database.ts';
import { testService } from '../testing/service.ts';
import { createFaultAgent } from './agent.ts';
import { offerDatabaseFaults } from './database.ts';

let postgres: TestPostgres;
let database: Database;

beforeAll(async () => {
  postgres = await startPostgres();
  database = createDatabase({ url: await postgres.createDatabase(), applicationName: 'test' });
  await database.query('create table stock (sku text)');
});
afterAll(async () => {
  await database?.close();
  await postgres?.stop();
});

const order = (ttlMs: number) =>
  ({ name: 'table-locked', fault: { kind: 'lock-table', table: 'stock' }, ttlMs, seed: 'orrery' }) as const;

function agentOver(given: Parameters<typeof offerDatabaseFaults>[1]) {
  const agent = createFaultAgent({ log: testService({}).service.log });
  offerDatabaseFaults(agent, given);
  return agent;
}

const isFree = () =>
  database
    .transaction((tx) => tx.query('lock table stock in row exclusive mode nowait'))
    .then(() => true)
    .catch(() => false);
const free = () => until('the table is free', async () => ((await isFree()) ? true : null), { withinMs: 15_000 });
const locked = () => until('the table is locked', async () => ((await isFree()) ? null : true));

test('a table is locked until the fault ends, and told of until it is free', async () => {
  const agent = agentOver(database);
  await agent.arm('f', order(60_000));
  await locked();
  agent.disarm('f');
  await until('the agent knows of nothing', () => (agent.list().length === 0 ? true : null));
  expect(await isFree()).toBe(true);
});

test('Postgres ends the lock itself when nothing comes from the service any more', async () => {
  const agent = agentOver({
    transaction: (fn) => database.transaction(fn),
    dedicated: async () => silentAfter(await database.dedicated(), 'lock table'),
  });
  await agent.arm('f', order(1_500));
  await locked();
  await free();
});

test('a table that there is not is refused, and nothing is on', async () => {
  const agent = agentOver(database);
  const absent = { ...order(60_000), fault: { kind: 'lock-table', table: 'moon' } } as const;
  await expect(agent.arm('f', absent)).rejects.toThrow('there is no table "moon" here');
  expect(agent.list()).toEqual([]);
});

/** A connection of a process that is stopped once it has said that: nothing more is sent, nothing is closed. */
function silentAfter(client: Client, text: string): Client {
  let isSilent = false;
  const never = new Promise<never>(() => {});
  const query = client.query.bind(client) as unknown as (sql: string, values?: unknown[]) => Promise<unknown>;
  return Object.assign(client, {
    async query(sql: string, values?: unknown[]) {
      if (isSilent) return never;
      const answer = await query(sql, values);
      isSilent = sql.startsWith(text);
      return answer;
    },
    end: () => never,
  });
}
