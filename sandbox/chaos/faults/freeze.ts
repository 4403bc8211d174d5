import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { defineFault } from '../fault.ts';
import { onProcess } from '../footprints.ts';
import { assertRunning } from '../process-state.ts';
import { processTargets } from '../targets.ts';

export const freeze = defineFault({
  name: 'freeze',
  code: 'F-04',
  title: 'Freeze',
  topic: 'process',
  mechanism: 'SIGSTOP: it keeps its connections and does nothing. A process of its own wakes it when the lease ends.',
  expect: 'Timeouts and retries, a long client span without a server span, eviction from its consumer group.',
  threatens: ['S3', 'S6', 'R2'],
  parameters: z.strictObject({}),
  targets: (world) => processTargets(world, ({ kind }) => kind !== 'console'),
  footprint: ({ target }) => onProcess(target, 'slow'),
  async inject({ target, ttlMs, world }) {
    assertRunning(world, target);
    await world.freeze(target, ttlMs);
    return {
      hits: async () => (world.status(target).state === 'paused' ? 1 : null),
      revert: () => world.thaw(target),
      async verify() {
        if (world.status(target).state === 'paused') throw new AppError('conflict', `${target} is still stopped`);
        assertRunning(world, target);
      },
    };
  },
});
