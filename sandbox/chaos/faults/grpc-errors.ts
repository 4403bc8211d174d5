import { z } from 'zod';
import { agentTargets, injectAgent } from '../agent-injection.ts';
import { defineFault } from '../fault.ts';

export const grpcErrors = defineFault({
  name: 'grpc-errors',
  code: 'F-17',
  title: 'gRPC errors',
  topic: 'application',
  mechanism: 'The gRPC server answers with a status before the method is reached.',
  expect: 'Callers try again and their breaker opens; no order gets a price that was not quoted.',
  threatens: ['L9', 'S11', 'R2'],
  parameters: z.strictObject({
    status: z
      .enum(['unavailable', 'deadline_exceeded', 'internal'])
      .default('unavailable')
      .describe('What is answered'),
    method: z.string().max(200).default('').describe('Only this method, as its server names it; empty is all of them'),
    share: z.number().min(0.01).max(1).default(1).describe('Share of calls'),
  }),
  targets: (world) => {
    const servers = new Set(world.edges.filter(({ protocol }) => protocol === 'grpc').map(({ to }) => to));
    return agentTargets(world, (name) => servers.has(name));
  },
  inject: (order) => {
    const { status: code, method: only, share } = order.parameters;
    return injectAgent(order, 'grpc-errors', { kind: 'grpc-error', only, code, share });
  },
});
