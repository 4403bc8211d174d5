import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import type { FaultTarget } from '#contracts/sandbox/chaos.ts';
import type { FailpointName } from '#contracts/sandbox/control-channel.ts';
import type { Footprint } from '#contracts/telemetry/faults.ts';
import type { Injecting, Injection } from './fault.ts';
import { onProcess } from './footprints.ts';
import { assertRunning } from './process-state.ts';
import { processTargets } from './targets.ts';
import type { World } from './world.ts';

/** What every crash point can be told. */
export const crashPointParameters = z.strictObject({
  action: z
    .enum(['kill', 'error', 'delay'])
    .default('kill')
    .describe('kill: the process dies there. error: a retryable failure. delay: it waits'),
  delayMs: z
    .int()
    .min(1)
    .max(60_000)
    .default(1_000)
    .describe('How long it waits when the action is delay, in milliseconds'),
  skip: z.int().min(0).max(10_000).default(0).describe('Passes that are let through first'),
  times: z.int().min(1).max(1_000).default(1).describe('Passes that are hit'),
  orderId: z.string().max(100).default('').describe('Only this order; empty is the first that passes'),
});

/** The named services, when they have failpoints. */
export function crashPointTargets(world: World, services: readonly string[]): FaultTarget[] {
  return processTargets(world, ({ name }) => services.includes(name) && world.services.includes(name));
}

/** A process that dies takes the span with it that it would have marked; where it fails or waits, it marks it itself. */
export function crashPointFootprint(run: {
  target: string;
  parameters: z.infer<typeof crashPointParameters>;
}): Footprint | null {
  return run.parameters.action === 'kill' ? onProcess(run.target, 'down') : null;
}

/** Arms a failpoint of the service that is the target. The service holds the lease; a killed one has lost it. */
export async function injectFailpoint(
  { id, target, parameters, ttlMs, world }: Injecting<z.infer<typeof crashPointParameters>>,
  failpoint: FailpointName,
): Promise<Injection> {
  assertRunning(world, target);
  const { orderId, ...order } = parameters;
  const { restarts } = world.status(target);
  const armed = { ...order, ttlMs, orderId: orderId === '' ? null : orderId, faultId: id };
  try {
    await world.failpoints.arm(target, failpoint, armed);
  } catch (error) {
    // It may be armed all the same, when only the answer was lost.
    await world.failpoints.disarm(target, failpoint).catch(() => {});
    throw error;
  }
  let seen = 0;
  const died = () => {
    const { lastExit, restarts: now, pid } = world.status(target);
    return (pid === null || now > restarts) && lastExit?.signal === 'SIGKILL';
  };
  return {
    async hits() {
      if (order.action === 'kill' && died()) seen = Math.max(seen, 1);
      else seen = Math.max(seen, (await world.failpoints.read(target, failpoint))?.hits ?? 0);
      return seen;
    },
    async over() {
      if (order.action === 'kill') return seen > 0 && world.status(target).state === 'running';
      const status = await world.failpoints.read(target, failpoint);
      return status !== null && !status.armed && seen > 0;
    },
    async revert() {
      if (world.status(target).state === 'running') await world.failpoints.disarm(target, failpoint);
    },
    async verify() {
      assertRunning(world, target);
      const status = await world.failpoints.read(target, failpoint);
      if (status === null || status.armed)
        throw new AppError('conflict', `${failpoint} of ${target} may still be armed`);
    },
  };
}
