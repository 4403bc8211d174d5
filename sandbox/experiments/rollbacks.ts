import { isActive } from '#contracts/sandbox/chaos-limits.ts';
import type { Rollback } from '#contracts/sandbox/experiment-file.ts';
import type { ExperimentWorld } from './world.ts';

/** Undoes what a file asks to be undone, where there is something; says what it did. Throws when it could not. */
export async function undo(provider: Rollback['provider'], world: ExperimentWorld): Promise<string> {
  switch (provider.type) {
    case 'start-process': {
      const status = world.processes().find(({ name }) => name === provider.process);
      if (status?.state !== 'stopped') return 'nothing to do';
      world.startProcess(provider.process);
      return 'done';
    }
    case 'stop-fault': {
      const { fault: name, target } = provider;
      const on = world.chaos.state().faults.filter((fault) => fault.fault === name && fault.target === target);
      const active = on.filter((fault) => isActive(fault) && fault.state !== 'reverting');
      for (const { id } of active) world.chaos.stop(id);
      return active.length === 0 ? 'nothing to do' : 'done';
    }
    case 'replay-parked': {
      const keys = await world.replayParked(provider.service);
      return keys === 0 ? 'nothing to do' : `${keys === 1 ? '1 key is' : `${keys} keys are`} on the way again`;
    }
    default:
      return provider satisfies never;
  }
}
