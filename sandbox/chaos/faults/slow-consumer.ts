import { z } from 'zod';
import { injectAgent, messagingTargets } from '../agent-injection.ts';
import { defineFault } from '../fault.ts';

export const slowConsumer = defineFault({
  name: 'slow-consumer',
  code: 'F-36',
  title: 'Slow consumer',
  topic: 'application',
  mechanism: 'The consumer waits before each message, one after the other.',
  expect: 'Lag grows, orders take longer and lose nothing; it catches up when it is over.',
  threatens: ['L6', 'R1'],
  parameters: z.strictObject({
    delayMs: z.int().min(1).max(30_000).default(500).describe('Wait before each message, in milliseconds'),
    event: z.string().max(200).default('').describe('Only this event, e.g. order.placed; empty is all of them'),
    share: z.number().min(0.01).max(1).default(1).describe('Share of messages'),
  }),
  targets: messagingTargets,
  inject: (order) => {
    const { delayMs, event: only, share } = order.parameters;
    return injectAgent(order, 'slow-consumer', { kind: 'slow-consumer', only, delayMs, share });
  },
});
