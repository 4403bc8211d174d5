import { z } from 'zod';
import { defineFault } from '../fault.ts';
import { onProcess } from '../footprints.ts';
import { assertRunning, startAgain } from '../process-state.ts';
import { processTargets } from '../targets.ts';

export const crashLoop = defineFault({
  name: 'crash-loop',
  code: 'F-02',
  title: 'Crash loop',
  topic: 'process',
  mechanism: 'SIGKILL each time that it is ready, until it has crashed so many times.',
  expect: 'Growing backoff, the state crash-loop after five crashes within a minute, open breakers at its callers.',
  threatens: ['L1', 'R1'],
  parameters: z.strictObject({
    crashes: z.int().min(2).max(10).default(5).describe('How often it is killed'),
  }),
  targets: (world) => processTargets(world, ({ kind }) => kind !== 'console'),
  footprint: ({ target }) => onProcess(target, 'down'),
  async inject({ target, parameters, world }) {
    assertRunning(world, target);
    let kills = 0;
    let lastPid: number | null = null;
    let reverted = false;
    const strike = () => {
      const { state, pid } = world.status(target);
      if (reverted || state !== 'running' || pid === lastPid || kills >= parameters.crashes) return;
      world.act(target, 'kill');
      lastPid = pid;
      kills += 1;
    };
    strike();
    return {
      // Asked several times a second, which is as often as it needs to look.
      async hits() {
        strike();
        return kills;
      },
      over: async () =>
        kills >= parameters.crashes && world.status(target).state === 'running' && world.status(target).pid !== lastPid,
      async revert() {
        reverted = true;
        startAgain(world, target);
      },
      async verify() {
        assertRunning(world, target);
      },
    };
  },
});
