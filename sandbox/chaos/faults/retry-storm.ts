import { z } from 'zod';
import { agentTargets, injectAgent } from '../agent-injection.ts';
import { defineFault } from '../fault.ts';

export const retryStorm = defineFault({
  name: 'retry-storm',
  code: 'F-19',
  title: 'Retry storm',
  topic: 'application',
  mechanism:
    'The service repeats calls without a budget. It bites when an upstream fails as well: break that one beside it.',
  expect: 'A fan of sibling spans for each call, several attempts per request; R3 turns red while it lasts.',
  threatens: ['R3'],
  parameters: z.strictObject({
    upstream: z.string().max(200).default('').describe('Only calls to this one, e.g. pricing; empty is all of them'),
  }),
  targets: (world) =>
    agentTargets(world, (name) => world.edges.some(({ from, to }) => from === name && world.services.includes(to))),
  inject: (order) => injectAgent(order, 'retry-storm', { kind: 'retry-storm', only: order.parameters.upstream }),
});
