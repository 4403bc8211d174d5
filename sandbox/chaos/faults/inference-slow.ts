import { z } from 'zod';
import { agentTargets, injectAgent } from '../agent-injection.ts';
import { defineFault } from '../fault.ts';

export const inferenceSlow = defineFault({
  name: 'inference-slow',
  code: 'F-41',
  title: 'Inference slow',
  topic: 'application',
  mechanism: 'The inference service waits before it works.',
  expect: 'Orders are screened by rules after a timeout, then at once while the breaker is open; search is late.',
  threatens: ['L12', 'R4'],
  parameters: z.strictObject({
    delayMs: z.int().min(1).max(60_000).default(3_000).describe('Wait before each answer, in milliseconds'),
    share: z.number().min(0.01).max(1).default(1).describe('Share of requests'),
  }),
  targets: (world) => agentTargets(world, (name) => name === 'inference'),
  inject: (order) => {
    const { delayMs, share } = order.parameters;
    return injectAgent(order, 'inference-slow', { kind: 'http-delay', only: '', when: 'before', delayMs, share });
  },
});
