import { z } from 'zod';
import { defineFault } from '../fault.ts';
import { onEdge } from '../footprints.ts';
import { edgeTargets } from '../targets.ts';
import { injectToxics } from '../toxic-injection.ts';

export const latency = defineFault({
  name: 'latency',
  code: 'F-09',
  title: 'Latency on an edge',
  topic: 'network',
  mechanism: 'The proxy holds every chunk in one direction for a time.',
  expect: 'The step takes longer; the client span is longer than the server span; p95 and the burn rate rise.',
  threatens: ['R1', 'R3'],
  parameters: z.strictObject({
    latencyMs: z.int().min(1).max(30_000).default(500).describe('Delay of each chunk, in milliseconds'),
    jitterMs: z.int().min(0).max(10_000).default(0).describe('Largest deviation either way, in milliseconds'),
    direction: z.enum(['reply', 'request']).default('reply').describe('What is delayed'),
    share: z.number().min(0.01).max(1).default(1).describe('Share of connections'),
  }),
  targets: edgeTargets,
  footprint: ({ target, parameters: { latencyMs, jitterMs } }, world) =>
    onEdge(world, target, { effect: 'delay', leastMs: Math.max(1, latencyMs - jitterMs) }),
  inject: (order) => {
    const { latencyMs, jitterMs, direction, share } = order.parameters;
    return injectToxics(order, [
      {
        type: 'latency',
        stream: direction === 'reply' ? 'downstream' : 'upstream',
        toxicity: share,
        attributes: { latency: latencyMs, jitter: jitterMs },
      },
    ]);
  },
});
