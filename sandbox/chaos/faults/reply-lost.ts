import { z } from 'zod';
import { defineFault } from '../fault.ts';
import { onEdge } from '../footprints.ts';
import { edgeTargets } from '../targets.ts';
import { injectToxics } from '../toxic-injection.ts';

export const replyLost = defineFault({
  name: 'reply-lost',
  code: 'F-14',
  title: 'Reply lost',
  topic: 'network',
  mechanism: 'The proxy hands requests on and swallows what comes back.',
  expect: 'The server span is fine, the client span failed; the retry is absorbed by idempotency.',
  threatens: ['S3', 'S6'],
  parameters: z.strictObject({
    share: z.number().min(0.01).max(1).default(1).describe('Share of connections'),
  }),
  targets: edgeTargets,
  footprint: ({ target }, world) => onEdge(world, target, { effect: 'cut' }),
  inject: (order) =>
    injectToxics(order, [
      { type: 'timeout', stream: 'downstream', toxicity: order.parameters.share, attributes: { timeout: 0 } },
    ]),
});
