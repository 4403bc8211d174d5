import { z } from 'zod';
import { defineFault } from '../fault.ts';
import { onEdge } from '../footprints.ts';
import { edgeTargets } from '../targets.ts';
import { injectToxics } from '../toxic-injection.ts';

export const blackHole = defineFault({
  name: 'black-hole',
  code: 'F-11',
  title: 'Black hole',
  topic: 'network',
  mechanism: 'The proxy takes connections and bytes, and hands nothing on in either direction.',
  expect: 'Timeouts, not refusals: client spans exactly as long as the timeout, pools that fill, a breaker that opens.',
  threatens: ['R2', 'R4'],
  parameters: z.strictObject({
    share: z.number().min(0.01).max(1).default(1).describe('Share of connections'),
  }),
  targets: edgeTargets,
  footprint: ({ target }, world) => onEdge(world, target, { effect: 'cut' }),
  inject: (order) =>
    injectToxics(
      order,
      (['upstream', 'downstream'] as const).map((stream) => ({
        type: 'timeout',
        stream,
        toxicity: order.parameters.share,
        attributes: { timeout: 0 },
      })),
    ),
});
