import { z } from 'zod';
import { agentTargets, injectAgent } from '../agent-injection.ts';
import { defineFault } from '../fault.ts';
import { onProcess } from '../footprints.ts';

export const eventLoopBlock = defineFault({
  name: 'event-loop-block',
  code: 'F-05',
  title: 'Event loop blocked',
  topic: 'process',
  mechanism: 'The process computes without a pause, again and again; nothing else runs meanwhile.',
  expect: 'Every route of it is slow, gaps inside spans, 503 from backpressure.',
  threatens: ['R4'],
  parameters: z.strictObject({
    blockMs: z.int().min(10).max(5_000).default(400).describe('Length of a block, in milliseconds'),
    pauseMs: z.int().min(50).max(10_000).default(200).describe('Between two blocks, in milliseconds'),
  }),
  targets: (world) => agentTargets(world),
  footprint: ({ target, parameters }) => onProcess(target, 'slow', parameters.blockMs),
  inject: (order) => {
    const { blockMs, pauseMs } = order.parameters;
    return injectAgent(order, 'event-loop-block', { kind: 'block-loop', blockMs, everyMs: blockMs + pauseMs });
  },
});
