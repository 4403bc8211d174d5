import { askDatabases } from './databases.ts';
import type { Fleet } from './fleet.ts';

/** What each owner's tables know of an order, as text for a failed test: whoever stands still shows by what is missing. */
export async function whereItStands(fleet: Fleet, orderId: string): Promise<string> {
  const query = askDatabases(fleet);
  const ask = (database: string, sql: string) =>
    query(database, sql, [orderId]).then(
      (rows) => rows.map((row) => JSON.stringify(row)),
      (error) => [`${database}: ${error}`],
    );
  const messages = (service: string) => [
    ask(
      service,
      `select '${service} outbox' as of, type, created_at, published_at, parked_at, attempts, last_error
      from outbox where key = $1::text order by seq`,
    ),
    ask(
      service,
      `select '${service} parked' as of, position, event, reason, error, released_at
      from parked where key = $1::text`,
    ),
  ];
  const found = await Promise.all([
    ask(
      'orders',
      `select 'orders' as of, status, version, saga_style, reservation_id, charge_id from orders where id = $1::uuid`,
    ),
    ask('orders', `select 'timer' as of, name, attempt, fires_at from saga_timer where order_id = $1::uuid`),
    ask(
      'orders',
      `select 'saga step' as of, name, state, attempts, ended_at from saga_step where order_id = $1::uuid order by position`,
    ),
    ask(
      'history',
      `select 'view' as of, status, view ->> 'updatedAt' as updated_at from order_view where id = $1::uuid`,
    ),
    ask(
      'history',
      `select 'timeline' as of, event, producer, occurred_at, received_at, topic, partition, "offset"
      from timeline where order_id = $1::uuid order by position`,
    ),
    ...['orders', 'inventory', 'billing', 'workers', 'history'].flatMap(messages),
  ]);
  return [`order ${orderId} at ${new Date().toISOString()}:`, ...found.flat()].join('\n  ');
}
