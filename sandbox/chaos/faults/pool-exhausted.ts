import { z } from 'zod';
import { databaseTargets, injectAgent } from '../agent-injection.ts';
import { defineFault } from '../fault.ts';
import { onProcess } from '../footprints.ts';

/** Whatever takes this long there has waited for a connection. */
const waitedMs = 250;

export const poolExhausted = defineFault({
  name: 'pool-exhausted',
  code: 'F-39',
  title: 'Connection pool exhausted',
  topic: 'infrastructure',
  mechanism:
    'Connections are taken from the pool of the service and not given back. A pool has 8 unless told otherwise.',
  expect: 'Requests wait 3 s for a connection, then get 503; messages wait and are handled when it is over.',
  threatens: ['S8', 'R4', 'L1'],
  parameters: z.strictObject({
    connections: z.int().min(1).max(64).default(8).describe('How many are held'),
  }),
  targets: databaseTargets,
  footprint: ({ target }) => onProcess(target, 'slow', waitedMs),
  inject: (order) => {
    const { connections } = order.parameters;
    return injectAgent(order, 'pool-exhausted', { kind: 'hold-connections', connections });
  },
});
