import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type ChaosState, FaultRun } from '#contracts/sandbox/chaos.ts';
import { type Chaos, createChaos } from '#sandbox/chaos/engine.ts';
import { faults } from '#sandbox/chaos/registry.ts';
import { writeJson } from '../home.ts';
import { createJournal } from '../journal.ts';
import { createWorld, type WorldOptions } from './world.ts';

const ChaosFile = z.object({ faults: z.array(FaultRun) });

export type SandboxChaos = Chaos & {
  /** Calls back after each change until the result is called. */
  listen(listener: (state: ChaosState) => void): () => void;
  /** Resolves when the file tells the last change. */
  settle(): Promise<void>;
};

/** The engine over the running sandbox; what it has done is kept in `file`. */
export async function startChaos(
  options: WorldOptions & { file: string; environment: NodeJS.ProcessEnv },
): Promise<SandboxChaos> {
  const listeners = new Set<(state: ChaosState) => void>();
  let dirty = false;
  const journal = createJournal(() => writeJson(options.file, { faults: chaos.state().faults }));
  const chaos = createChaos({
    faults,
    world: createWorld(options),
    environment: options.environment,
    before: await readFaultRuns(options.file),
    onChange(state) {
      dirty = true;
      journal.touch();
      for (const listener of listeners) listener(state);
    },
  });
  return {
    ...chaos,
    /** On record before anybody is told that it is on: what a killed supervisor leaves on is known to the next one. */
    async inject(order) {
      const run = await chaos.inject(order);
      await journal.settle();
      return run;
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async settle() {
      if (dirty) await journal.settle();
    },
  };
}

/** What was on and what had been, when the file was last written; nothing when there is none. */
export async function readFaultRuns(file: string): Promise<FaultRun[]> {
  try {
    return ChaosFile.parse(JSON.parse(await readFile(file, 'utf8'))).faults;
  } catch {
    return [];
  }
}
