import { z } from 'zod';
import { agentTargets, injectAgent } from '../agent-injection.ts';
import { defineFault } from '../fault.ts';

export const latePayment = defineFault({
  name: 'late-payment',
  code: 'F-27',
  title: 'Payment after the timeout',
  topic: 'application',
  mechanism: 'The payment provider charges at once and answers late.',
  expect: 'The saga gives up when its payment timeout is over. The payment that succeeds after that is refunded.',
  threatens: ['L4', 'S3', 'L10'],
  parameters: z.strictObject({
    delayMs: z
      .int()
      .min(1)
      .max(60_000)
      .default(10_000)
      .describe('From the charge to its answer, in milliseconds; billing waits 2 000 and asks again'),
    share: z.number().min(0.01).max(1).default(1).describe('Share of answers'),
  }),
  targets: (world) => agentTargets(world, (name) => name === 'payments'),
  inject: (order) => {
    const { delayMs, share } = order.parameters;
    const only = 'POST /v1/charges';
    return injectAgent(order, 'late-payment', { kind: 'http-delay', only, when: 'after', delayMs, share });
  },
});
