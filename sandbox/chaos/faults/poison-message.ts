import { z } from 'zod';
import { injectAgent, messagingTargets } from '../agent-injection.ts';
import { defineFault } from '../fault.ts';

export const poisonMessage = defineFault({
  name: 'poison-message',
  code: 'F-33',
  title: 'Poison message',
  topic: 'application',
  mechanism: 'The consumer cannot handle the first messages that it meets, however often it tries.',
  expect:
    'Each goes to the dead-letter topic at once, later ones of its order wait behind it, the partition moves on. After the fault, replay what is parked.',
  threatens: ['L8', 'R4', 'S13'],
  parameters: z.strictObject({
    messages: z.int().min(1).max(1_000).default(1).describe('How many are poisoned'),
    event: z.string().max(200).default('').describe('Only this event, e.g. payment.succeeded; empty is all of them'),
  }),
  targets: messagingTargets,
  inject: (order) => {
    const { messages, event: only } = order.parameters;
    return injectAgent(order, 'poison-message', { kind: 'poison', only, messages });
  },
});
