import { fleetInvariant } from './invariant.ts';

export type StockAccount = {
  sku: string;
  initial: number;
  onHand: number;
  reserved: number;
  /** Sum of the ledger's movements. */
  moved: number;
  movements: number;
  /** Sum over the lines of active reservations. */
  promised: number;
  /** An order with an active reservation of this SKU, to begin looking. */
  orderId: string | null;
};

export const s02 = fleetInvariant<StockAccount[]>({
  id: 'S2',
  name: 'Stock follows from its ledger',
  kind: 'safety',
  statement:
    'For every SKU: on hand = initial stock + sum of the stock ledger, and reserved = sum of the active reservations.',
  deadlineMs: null,
  everyMs: 5_000,
  // One statement is one snapshot: a transaction is seen whole or not at all.
  load: ({ databases }) =>
    databases.query(
      'inventory',
      `select s.sku, s.initial, s.on_hand as "onHand", s.reserved, coalesce(l.moved, 0)::int as moved,
         coalesce(l.movements, 0)::int as movements, coalesce(r.promised, 0)::int as promised, r.order_id as "orderId"
       from stock s
       left join (select sku, sum(delta) as moved, count(*) as movements from stock_ledger group by sku) l using (sku)
       left join (select sku, sum(qty) as promised, max(order_id::text)::uuid as order_id
                  from reservations join reservation_lines using (order_id) where state = 'active' group by sku) r using (sku)
       order by s.sku`,
    ),
  check: (accounts) => ({
    evidence: {
      SKUs: accounts.length,
      'ledger movements': accounts.reduce((sum, { movements }) => sum + movements, 0),
    },
    violations: accounts.flatMap(({ sku, initial, onHand, reserved, moved, promised, orderId }) => {
      const problems = [
        ...(onHand === initial + moved ? [] : [`${onHand} on hand, the ledger says ${initial + moved}`]),
        ...(reserved === promised ? [] : [`${reserved} reserved, the active reservations say ${promised}`]),
      ];
      return problems.length === 0 ? [] : [{ subject: sku, orderId, problem: `${sku}: ${problems.join('; ')}.` }];
    }),
  }),
});
