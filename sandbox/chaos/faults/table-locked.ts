import { z } from 'zod';
import { databaseTargets, injectAgent } from '../agent-injection.ts';
import { defineFault } from '../fault.ts';

/** What each service works with all the time. The outbox, which all have, stays empty in these. */
const busiest: Record<string, string> = {
  identity: 'oidc_record',
  pricing: 'prices',
  inference: 'scored_orders',
  payments: 'charge',
  history: 'order_view',
};

export const tableLocked = defineFault({
  name: 'table-locked',
  code: 'F-39',
  title: 'Table locked',
  topic: 'infrastructure',
  mechanism: 'A transaction of its own in the database of the service holds an exclusive lock, and does not end.',
  expect: 'Statements on the table wait and are ended after 10 s; what waits is done when the lock is gone.',
  threatens: ['S8', 'R4', 'L1'],
  parameters: z.strictObject({
    table: z
      .string()
      .regex(/^[a-z_]{1,60}$/, 'must be the name of a table')
      .default('outbox')
      .describe('Table in the database of the service'),
  }),
  targets: (world) =>
    databaseTargets(world).map((target) => {
      const table = busiest[target.id];
      return table === undefined ? target : { ...target, defaults: { table } };
    }),
  // Whatever of the table takes this long has waited for the lock.
  footprint: ({ target, parameters: { table } }) => ({
    on: 'edge',
    from: target,
    to: 'postgres',
    protocol: 'postgres',
    table,
    effect: 'delay',
    leastMs: 250,
  }),
  inject: (order) => injectAgent(order, 'table-locked', { kind: 'lock-table', table: order.parameters.table }),
});
