import { z } from 'zod';
import { injectAgent, messagingTargets } from '../agent-injection.ts';
import { defineFault } from '../fault.ts';

export const duplicates = defineFault({
  name: 'duplicates',
  code: 'F-30',
  title: 'Duplicate messages',
  topic: 'application',
  mechanism: 'The relay sends each message several times, with the same message id.',
  expect: 'Nothing but counters: inboxes skip what they have handled, and their spans say so.',
  threatens: ['S6'],
  parameters: z.strictObject({
    copies: z.int().min(1).max(20).default(1).describe('How often a message is sent besides'),
    event: z.string().max(200).default('').describe('Only this event, e.g. payment.succeeded; empty is all of them'),
    share: z.number().min(0.01).max(1).default(1).describe('Share of messages'),
  }),
  targets: messagingTargets,
  inject: (order) => {
    const { copies, event: only, share } = order.parameters;
    return injectAgent(order, 'duplicates', { kind: 'duplicate', only, copies, share });
  },
});
