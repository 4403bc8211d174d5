import { z } from 'zod';
import { agentTargets, injectAgent } from '../agent-injection.ts';
import { defineFault } from '../fault.ts';

export const httpErrors = defineFault({
  name: 'http-errors',
  code: 'F-15',
  title: 'HTTP errors',
  topic: 'application',
  mechanism: 'The HTTP server answers with an error before the route is reached; 429 and 503 carry Retry-After.',
  expect: 'Callers try again with backoff and within their budget; the breaker opens; the error ratio rises.',
  threatens: ['R3', 'R5'],
  parameters: z.strictObject({
    status: z.enum(['503', '500', '429']).default('503').describe('What is answered'),
    route: z.string().max(200).default('').describe('Only this route, e.g. POST /orders; empty is all of them'),
    share: z.number().min(0.01).max(1).default(1).describe('Share of requests'),
  }),
  targets: (world) => agentTargets(world),
  inject: (order) => {
    const { status, route: only, share } = order.parameters;
    return injectAgent(order, 'http-errors', { kind: 'http-error', only, status, share });
  },
});
