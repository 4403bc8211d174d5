import { z } from 'zod';
import { defineFault } from '../fault.ts';
import { onProcess } from '../footprints.ts';
import { assertRunning } from '../process-state.ts';
import { processTargets } from '../targets.ts';

export const crash = defineFault({
  name: 'crash',
  code: 'F-01',
  title: 'Crash',
  topic: 'process',
  mechanism: 'SIGKILL. The supervisor starts it again after its backoff.',
  expect: 'A saga waits at its step and goes on after the restart; the trace has a gap and a new instance.',
  threatens: ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'L1'],
  parameters: z.strictObject({}),
  targets: (world) => processTargets(world, ({ kind }) => kind !== 'console'),
  footprint: ({ target }) => onProcess(target, 'down'),
  async inject({ target, world }) {
    assertRunning(world, target);
    const { restarts, pid } = world.status(target);
    world.act(target, 'kill');
    const died = () => world.status(target).pid !== pid;
    return {
      hits: async () => (died() ? 1 : 0),
      over: async () => world.status(target).restarts > restarts && world.status(target).state === 'running',
      async revert() {},
      async verify() {
        assertRunning(world, target);
      },
    };
  },
});
