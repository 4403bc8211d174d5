import { z } from 'zod';
import { defineFault } from '../fault.ts';
import { onEdge } from '../footprints.ts';
import { edgeTargets } from '../targets.ts';
import { injectToxics } from '../toxic-injection.ts';

export const connectionReset = defineFault({
  name: 'connection-reset',
  code: 'F-10',
  title: 'Connection reset',
  topic: 'network',
  mechanism: 'The proxy answers the next byte of a connection with a TCP reset.',
  expect: 'ECONNRESET on client spans and retries beside them; the retry ratio rises and stays in its budget.',
  threatens: ['R3', 'S3'],
  parameters: z.strictObject({
    share: z.number().min(0.01).max(1).default(0.3).describe('Share of connections'),
    afterMs: z.int().min(0).max(30_000).default(0).describe('From the byte to the reset, in milliseconds'),
  }),
  targets: edgeTargets,
  footprint: ({ target }, world) => onEdge(world, target, { effect: 'cut' }),
  inject: (order) =>
    injectToxics(order, [
      {
        type: 'reset_peer',
        stream: 'upstream',
        toxicity: order.parameters.share,
        attributes: { timeout: order.parameters.afterMs },
      },
    ]),
});
