import { isActive } from '#contracts/sandbox/chaos-limits.ts';
import { messageOf, type RunContext } from './context.ts';
import type { PlannedStep } from './plan.ts';

export type OwnFaults = ReturnType<typeof createOwnFaults>;

/** The faults of a run, from their arming to the probe that finds them gone. */
export function createOwnFaults({ world, record, stopBecause }: RunContext) {
  const { tell, changeFault } = record;

  /** Follows the faults' own states. */
  function look(): void {
    for (const { name, run: known } of record.run.faults) {
      if (known === null || known.state === 'reverted') continue;
      const now = world.chaos.find(known.id);
      if (now.state === known.state && now.hits === known.hits) continue;
      changeFault(name, { run: now });
      if (known.hits === 0 && now.hits > 0) tell('fault', `${name}: bites`);
      if (now.state !== 'reverted') continue;
      const hits = now.hits === 1 ? '1 hit' : `${now.hits} hits`;
      tell('fault', `${name}: reverted and verified in ${now.revertMs ?? 0} ms, ended by ${now.endedBy}, ${hits}`);
      if (now.endedBy === 'stop-all') stopBecause({ by: 'user', reason: 'all faults were stopped' });
    }
  }

  return {
    look,
    /** Stops the run when it cannot be done. */
    async arm({ name, order }: Extract<PlannedStep, { type: 'fault' }>): Promise<void> {
      try {
        const fault = await world.chaos.inject(order);
        changeFault(name, { run: fault });
        tell('fault', `${name}: ${fault.title} armed on ${fault.target}`);
      } catch (error) {
        changeFault(name, { problem: messageOf(error) });
        stopBecause({ by: 'guard', reason: `"${name}" could not be armed: ${messageOf(error)}` });
      }
    },
    areOver(): boolean {
      look();
      return record.run.faults.every(
        ({ run: fault }) => fault === null || fault.state === 'reverted' || fault.state === 'revert-failed',
      );
    },
    active: () =>
      record.run.faults.flatMap(({ name, run: fault }) =>
        fault !== null && isActive(world.chaos.find(fault.id)) ? [{ name, id: fault.id }] : [],
      ),
  };
}
