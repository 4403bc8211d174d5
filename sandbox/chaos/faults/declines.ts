import { z } from 'zod';
import { agentTargets, injectAgent } from '../agent-injection.ts';
import { defineFault } from '../fault.ts';

const tokens = {
  card_declined: 'tok_declined',
  insufficient_funds: 'tok_insufficient_funds',
  expired_card: 'tok_expired',
} as const;

export const declines = defineFault({
  name: 'declines',
  code: 'F-26',
  title: 'Payments declined',
  topic: 'application',
  mechanism: 'The bank behind the payment provider refuses good cards. The refusal is kept under its idempotency key.',
  expect: 'The saga compensates: stock is released, the order is cancelled. A decline is no error.',
  threatens: ['L3', 'L4', 'L5'],
  parameters: z.strictObject({
    reason: z.enum(['card_declined', 'insufficient_funds', 'expired_card']).default('card_declined').describe('Told'),
    leastMinor: z
      .int()
      .min(0)
      .max(100_000_000)
      .default(0)
      .describe('Only payments of at least this amount, in minor units'),
    share: z.number().min(0.01).max(1).default(1).describe('Share of payments'),
  }),
  targets: (world) => agentTargets(world, (name) => name === 'payments'),
  inject: (order) => {
    const { reason, leastMinor, share } = order.parameters;
    return injectAgent(order, 'declines', { kind: 'decline', token: tokens[reason], leastMinor, share });
  },
});
