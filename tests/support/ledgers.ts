import { askDatabases } from './databases.ts';
import type { Fleet } from './fleet.ts';

/** What each owner's own tables say, read past the services: the evidence that flows are judged by. */
export type Ledgers = {
  /** Captures that the provider made, by order id. */
  captures: () => Promise<Map<string, number>>;
  /** Refunds that the provider made, by order id. */
  refunds: () => Promise<Map<string, number>>;
  /** Refunds that billing booked, by order id. */
  refundsBooked: () => Promise<Map<string, number>>;
  /** Charges that billing booked, by order id. */
  booked: () => Promise<Map<string, number>>;
  /** SKUs whose stock does not follow from the ledger and the live reservations (S1, S2 of the fault catalogue). */
  stockErrors: () => Promise<string[]>;
  orders: () => Promise<{ id: string; status: string }[]>;
  reservation: (orderId: string) => Promise<string | null>;
  /** Reservations that are neither committed nor released; none once every order has ended. */
  openReservations: () => Promise<number>;
  invoices: (orderId: string) => Promise<number>;
  /** Rows that wait in any service's outbox. */
  waitingOutbox: () => Promise<number>;
  parked: () => Promise<string[]>;
};

export async function openLedgers(fleet: Fleet): Promise<Ledgers> {
  const query = askDatabases(fleet);
  const countByOrder = async (database: string, sql: string): Promise<Map<string, number>> => {
    const rows = await query<{ order_id: string; n: number }>(database, sql);
    return new Map(rows.map((row) => [row.order_id, row.n]));
  };
  const services = ['orders', 'inventory', 'billing', 'workers'];

  return {
    captures: () =>
      countByOrder(
        'payments',
        `select c.reference as order_id, count(*)::int as n from ledger_movement m join charge c on c.id = m.charge_id
         where m.kind = 'capture' group by 1`,
      ),
    refunds: () =>
      countByOrder(
        'payments',
        `select c.reference as order_id, count(*)::int as n from ledger_movement m join charge c on c.id = m.charge_id
         where m.kind = 'refund' and m.amount_minor = c.amount_minor group by 1`,
      ),
    refundsBooked: () =>
      countByOrder(
        'billing',
        `select p.order_id, count(*)::int as n from ledger_transaction t join payment p on p.id = t.payment_id
         where t.kind = 'refund' group by 1`,
      ),
    booked: () =>
      countByOrder(
        'billing',
        `select p.order_id, count(*)::int as n from ledger_transaction t join payment p on p.id = t.payment_id
         where t.kind = 'charge' group by 1`,
      ),
    stockErrors: async () => {
      const rows = await query<{ sku: string; problem: string }>(
        'inventory',
        `select s.sku, format('on hand %s, ledger says %s; reserved %s, reservations say %s', s.on_hand, s.initial + l.delta, s.reserved, r.qty) as problem
         from stock s
         left join lateral (select coalesce(sum(delta), 0)::int as delta from stock_ledger where sku = s.sku) l on true
         left join lateral (select coalesce(sum(rl.qty), 0)::int as qty from reservation_lines rl join reservations using (order_id)
                            where rl.sku = s.sku and state = 'active') r on true
         where s.on_hand <> s.initial + l.delta or s.reserved <> r.qty or s.on_hand < 0 or s.reserved > s.on_hand`,
      );
      return rows.map((row) => `${row.sku}: ${row.problem}`);
    },
    orders: () => query('orders', 'select id, status from orders'),
    reservation: async (orderId) =>
      (await query<{ state: string }>('inventory', 'select state from reservations where order_id = $1', [orderId]))[0]
        ?.state ?? null,
    openReservations: async () =>
      (await query<{ n: number }>('inventory', `select count(*)::int as n from reservations where state = 'active'`))[0]
        ?.n ?? 0,
    invoices: async (orderId) =>
      (
        await query<{ n: number }>('workers', 'select count(*)::int as n from invoices where order_id = $1', [orderId])
      )[0]?.n ?? 0,
    waitingOutbox: async () => {
      const counts = await Promise.all(
        services.map((service) =>
          query<{ n: number }>(service, 'select count(*)::int as n from outbox where published_at is null'),
        ),
      );
      return counts.reduce((sum, rows) => sum + (rows[0]?.n ?? 0), 0);
    },
    parked: async () => {
      const rows = await Promise.all(
        [...services, 'history'].map((service) =>
          query<{ line: string }>(
            service,
            `select format('%s %s: %s', consumer, position, error) as line from parked where released_at is null`,
          ),
        ),
      );
      return rows.flat().map((row) => row.line);
    },
  };
}
