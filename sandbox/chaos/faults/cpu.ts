import { z } from 'zod';
import { agentTargets, injectAgent } from '../agent-injection.ts';
import { defineFault } from '../fault.ts';
import { onProcess } from '../footprints.ts';

export const cpu = defineFault({
  name: 'cpu',
  code: 'F-06',
  title: 'CPU hog',
  topic: 'process',
  mechanism: 'Threads of the process burn a core each.',
  expect: 'Its CPU rises, and with too few cores everything gets slower.',
  threatens: ['R1'],
  parameters: z.strictObject({
    threads: z.int().min(1).max(8).default(1).describe('Threads that burn'),
  }),
  targets: (world) => agentTargets(world),
  footprint: ({ target }) => onProcess(target, 'slow'),
  inject: (order) => injectAgent(order, 'cpu', { kind: 'burn-cpu', threads: order.parameters.threads }),
});
