import { z } from 'zod';
import { injectAgent, messagingTargets } from '../agent-injection.ts';
import { defineFault } from '../fault.ts';

export const failingHandler = defineFault({
  name: 'failing-handler',
  code: 'F-33',
  title: 'Failing handler',
  topic: 'application',
  mechanism: 'The consumer fails on each message the first times that it is tried, as a bug does that passes.',
  expect:
    'After three quick tries a message waits 5 s, then 30 s and 2 min in the retry topics, later ones of its order behind it; the partition moves on. What still fails after that is a dead letter.',
  threatens: ['L1', 'L6', 'S13'],
  parameters: z.strictObject({
    failures: z
      .int()
      .min(1)
      .max(100)
      .default(4)
      .describe('Attempts that fail, for each message; six and it is a dead letter'),
    event: z.string().max(200).default('').describe('Only this event, e.g. order.confirmed; empty is all of them'),
  }),
  targets: messagingTargets,
  inject: (order) => {
    const { failures, event: only } = order.parameters;
    return injectAgent(order, 'failing-handler', { kind: 'failing', only, failures, as: 'bug' });
  },
});
