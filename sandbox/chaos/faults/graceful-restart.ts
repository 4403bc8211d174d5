import { z } from 'zod';
import { defineFault } from '../fault.ts';
import { onProcess } from '../footprints.ts';
import { assertRunning } from '../process-state.ts';
import { processTargets } from '../targets.ts';

export const gracefulRestart = defineFault({
  name: 'graceful-restart',
  code: 'F-03',
  title: 'Graceful restart',
  topic: 'process',
  mechanism: 'SIGTERM; it drains, exits with 0 and is started again.',
  expect: 'No failed order, no error span, no 5xx: what is under way is finished, the rest waits.',
  threatens: ['R6', 'L1'],
  parameters: z.strictObject({}),
  targets: (world) => processTargets(world, ({ kind }) => kind !== 'console'),
  footprint: ({ target }) => onProcess(target, 'down'),
  async inject({ target, world }) {
    assertRunning(world, target);
    const { pid } = world.status(target);
    world.act(target, 'restart');
    const replaced = () => world.status(target).pid !== pid;
    return {
      hits: async () => 1,
      over: async () => replaced() && world.status(target).state === 'running',
      async revert() {},
      async verify() {
        assertRunning(world, target);
      },
    };
  },
});
