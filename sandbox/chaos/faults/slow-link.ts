import { z } from 'zod';
import { defineFault } from '../fault.ts';
import { onEdge } from '../footprints.ts';
import { edgeTargets } from '../targets.ts';
import { injectToxics } from '../toxic-injection.ts';

export const slowLink = defineFault({
  name: 'slow-link',
  code: 'F-13',
  title: 'Slow link',
  topic: 'network',
  mechanism: 'The proxy hands replies on at a limited rate, in small pieces.',
  expect: 'Large bodies arrive late, small ones hardly so.',
  threatens: ['R1'],
  parameters: z.strictObject({
    kilobytesPerSecond: z.int().min(1).max(100_000).default(10).describe('Rate of each connection, in kB/s'),
    pieceBytes: z.int().min(16).max(65_536).default(1_024).describe('Size of the pieces, in bytes'),
  }),
  targets: edgeTargets,
  footprint: ({ target }, world) => onEdge(world, target, { effect: 'all' }),
  inject: (order) =>
    injectToxics(order, [
      { type: 'bandwidth', stream: 'downstream', attributes: { rate: order.parameters.kilobytesPerSecond } },
      { type: 'slicer', stream: 'downstream', attributes: { average_size: order.parameters.pieceBytes } },
    ]),
});
