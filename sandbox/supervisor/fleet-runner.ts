/** All processes together: starts each when what it needs is ready, stops them in waves. */
import { AppError } from '#contracts/errors.ts';
import type { Fleet } from '../fleet.ts';
import { actionsIn } from './lifecycle.ts';
import type { ManagedProcess } from './managed-process.ts';
import type { Processes } from './processes.ts';
import { stopOrder } from './stop-order.ts';

export type FleetRunner = Processes & {
  startAll(): void;
  /** Must be called after each change of a process: its dependants may go on, a wave may be over. */
  changed(): void;
  /** Resolves when every process has ended. */
  stopAll(): Promise<void>;
  /** Kills what still runs, while `stopAll` goes on. */
  hasten(): void;
};

export function createFleetRunner(fleet: Fleet, processes: readonly ManagedProcess[]): FleetRunner {
  const byName = new Map(processes.map((process) => [process.name, process]));
  const startAfter = new Map(
    fleet.processes.map((process) => [process.name, process.startAfter.filter((name) => byName.has(name))]),
  );
  const watchers = new Set<() => void>();
  let hastened = false;

  function find(name: string): ManagedProcess {
    const process = byName.get(name);
    if (process === undefined) throw new AppError('not_found', `there is no process "${name}"`);
    return process;
  }

  function release(): void {
    for (const process of processes) {
      if (process.lifecycle.state !== 'waiting') continue;
      const needs = startAfter.get(process.name) ?? [];
      const missing = needs.filter((name) => byName.get(name)?.lifecycle.state !== 'running');
      process.dispatch({ type: 'dependencies', missing });
    }
  }

  function ended(wave: readonly ManagedProcess[]): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (wave.some((process) => process.lifecycle.state !== 'stopped')) return;
        watchers.delete(check);
        resolve();
      };
      watchers.add(check);
      check();
    });
  }

  return {
    processes,
    find,
    startAll() {
      for (const process of processes) process.dispatch({ type: 'start' });
      release();
    },
    act(name, action) {
      const process = find(name);
      const { state } = process.lifecycle;
      if (!actionsIn[state].includes(action)) {
        throw new AppError('conflict', `${name} is ${state}: ${action} is not possible now`);
      }
      process.dispatch({ type: action });
      release();
      return process;
    },
    changed() {
      release();
      for (const watcher of [...watchers]) watcher();
    },
    async stopAll() {
      for (const names of stopOrder(fleet)) {
        const wave = names.flatMap((name) => byName.get(name) ?? []);
        for (const process of wave) process.dispatch({ type: 'stop' });
        if (hastened) for (const process of wave) process.hasten();
        await ended(wave);
      }
    },
    hasten() {
      hastened = true;
      for (const process of processes) process.hasten();
    },
  };
}
