import { z } from 'zod';
import { agentTargets, injectAgent } from '../agent-injection.ts';
import { defineFault } from '../fault.ts';

/** What each of them undoes, by the message that asks for it. */
const compensations = {
  inventory: { choreography: 'payment.failed', orchestration: 'inventory.release' },
  billing: { choreography: 'order.compensating', orchestration: 'billing.undo' },
} as const;

export const failingCompensation = defineFault({
  name: 'failing-compensation',
  code: 'F-28',
  title: 'Compensation fails',
  topic: 'application',
  mechanism: 'The step that takes back stock or payment fails the first times that it is tried.',
  expect: 'It is tried again until it succeeds; the order is cancelled late, and nothing is left reserved or charged.',
  threatens: ['L5', 'L10'],
  parameters: z.strictObject({
    failures: z.int().min(1).max(100).default(3).describe('Attempts that fail, for each message'),
    style: z.enum(['choreography', 'orchestration']).default('choreography').describe('Of the saga'),
  }),
  targets: (world) => agentTargets(world, (name) => name in compensations),
  inject: (order) => {
    const { failures, style } = order.parameters;
    const only = compensations[order.target as keyof typeof compensations][style];
    return injectAgent(order, 'failing-compensation', { kind: 'failing', only, failures, as: 'dependency' });
  },
});
