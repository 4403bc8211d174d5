import { expect, test } from 'vitest';
import { statementOf } from './statement.ts';

test.each([
  ['select * from payment where order_id = $1 for update', 'SELECT payment'],
  ['select sku from stock where sku = any($1) order by sku for update of stock', 'SELECT stock'],
  ['select pg_advisory_xact_lock(hashtextextended($1, 0))', 'SELECT pg_advisory_xact_lock'],
  ['select 1', 'SELECT'],
  ['insert into outbox (id) values ($1)', 'INSERT outbox'],
  ['INSERT INTO "Order" (id) values (1) on conflict (id) do update set id = 2', 'INSERT Order'],
  ['update orders set status = $2 where id = $1', 'UPDATE orders'],
  ['delete from only kit.inbox where id in (select id from other)', 'DELETE kit.inbox'],
  ['with blocked as (select 1 from parked), claimed as (insert into inbox (id) select $1) select 1', 'INSERT inbox'],
  ['with seen as (select 1 from a for update) select count(*) from seen', 'SELECT a'],
  ['vacuum', 'VACUUM'],
])('%s is named %s', (text, summary) => {
  expect(statementOf(text).summary).toBe(summary);
});

test('the same text has the same name, until there are too many texts', () => {
  const first = statementOf('select 1 from first').prepared;
  expect(first).toMatch(/^s\d+$/);
  for (let i = 0; i < 600; i++) statementOf(`select ${i} from built_from_values`);
  expect(statementOf('select 1 from first').prepared).toBe(first);
  expect(statementOf('select 601 from built_from_values').prepared).toBeUndefined();
});

test('a statement is shown on one line, and what every message does is routine', () => {
  const claim = statementOf(`insert into inbox (id)
     select $1`);
  expect(claim).toMatchObject({ shown: 'insert into inbox (id) select $1', routine: true });
  expect(statementOf('insert into outbox (id) values ($1)').routine).toBe(false);
});
