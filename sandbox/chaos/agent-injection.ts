import { AppError } from '#contracts/errors.ts';
import type { FaultTarget } from '#contracts/sandbox/chaos.ts';
import type { AgentFault } from '#contracts/sandbox/fault-agent.ts';
import type { Injecting, Injection } from './fault.ts';
import { assertRunning } from './process-state.ts';
import { processTargets } from './targets.ts';
import type { World } from './world.ts';

/** Services with a fault agent, all or those that fit. */
export function agentTargets(world: World, fits: (name: string) => boolean = () => true): FaultTarget[] {
  return processTargets(world, ({ name }) => world.services.includes(name) && fits(name));
}

/** Services that read or write topics. */
export function messagingTargets(world: World): FaultTarget[] {
  const talk = new Set(world.edges.filter(({ to }) => to === 'broker').map(({ from }) => from));
  return agentTargets(world, (name) => talk.has(name));
}

/** Services with a database of their own. */
export function databaseTargets(world: World): FaultTarget[] {
  const have = new Set(world.edges.filter(({ to }) => to === 'postgres').map(({ from }) => from));
  return agentTargets(world, (name) => have.has(name));
}

/** Arms a fault in the agent of the service that is the target. The service holds the lease; a dead one has lost it. */
export async function injectAgent(
  { id, target, ttlMs, seed, world }: Injecting<unknown>,
  name: string,
  fault: AgentFault,
): Promise<Injection> {
  assertRunning(world, target);
  const { agents } = world;
  try {
    await agents.arm(target, id, { name, fault, ttlMs, seed });
  } catch (error) {
    // It may be on all the same, when only the answer was lost.
    await agents.disarm(target, id).catch(() => {});
    throw error;
  }
  return {
    hits: async () => (await agents.read(target, id))?.hits ?? null,
    async revert() {
      // With the process its agent has gone; what comes up in its place knows of nothing.
      if (world.status(target).pid !== null) await agents.disarm(target, id);
    },
    async verify() {
      assertRunning(world, target);
      if ((await agents.read(target, id)) !== null) throw new AppError('conflict', `${name} is still on in ${target}`);
    },
  };
}
