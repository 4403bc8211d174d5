import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { LoadPlan } from '#contracts/sandbox/load.ts';
import { isOver, loadLimits, loadSagas } from '#contracts/sandbox/load-limits.ts';
import { defineFault } from '../fault.ts';
import { assertRunning } from '../process-state.ts';

/** Orders that were accepted may take so long to end before nobody looks at them any more. */
const patienceMs = 20_000;

export const trafficSpike = defineFault({
  name: 'traffic-spike',
  code: 'F-20',
  title: 'Traffic spike',
  topic: 'application',
  mechanism: 'The load generator offers orders far faster than usual. It needs the generator for itself.',
  expect: 'Orders are refused with 429 or 503 and Retry-After; what is accepted still ends; nothing collapses.',
  threatens: ['R4', 'R5', 'L1', 'S3'],
  parameters: z.strictObject({
    ratePerSecond: z
      .int()
      .min(1)
      .max(loadLimits.ratePerSecond.most)
      .default(200)
      .describe(`Orders offered per second; at most ${loadLimits.orders} in all`),
    saga: z.enum(loadSagas).default('both').describe('How the orders are coordinated; both: in turns'),
  }),
  targets: ({ processes }) =>
    processes
      .filter(({ name }) => name === 'gateway')
      .map(({ name, title }) => ({ id: name, label: title, touches: [name, 'orders'] })),
  async inject({ target, parameters, ttlMs, seed, world }) {
    assertRunning(world, target);
    // The generator holds the lease: no more orders come when its time is over or the sandbox has gone.
    const plan = LoadPlan.safeParse({ ...parameters, seconds: ttlMs / 1_000, seed: crc32(seed) });
    if (!plan.success) {
      throw new AppError(
        'unprocessable',
        `traffic-spike: ${plan.error.issues.map(({ message }) => message).join('; ')}`,
      );
    }
    const { run } = await world.load.start(plan.data);
    let stoppedAtMs: number | null = null;
    return {
      hits: async () => (await world.load.read(run))?.due ?? null,
      async over() {
        const now = await world.load.read(run);
        return now === null || isOver(now);
      },
      /** Its own run alone: by now another one may go on. */
      async revert() {
        const now = await world.load.read(run);
        if (now === null || isOver(now)) return;
        const isLate = stoppedAtMs !== null && performance.now() - stoppedAtMs >= patienceMs;
        if (stoppedAtMs === null || isLate) world.load.stop(run);
        stoppedAtMs ??= performance.now();
      },
      async verify() {
        const now = await world.load.read(run);
        if (now === null || isOver(now)) return;
        throw new AppError('conflict', `run ${run} is ${now.phase}: ${now.open} accepted orders have not ended`);
      },
    };
  },
});
