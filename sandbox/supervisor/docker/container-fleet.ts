/** The containers of the fleet: looks at each on every event of the engine and every two seconds besides. */
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '#contracts/errors.ts';
import type { Freezer, Processes } from '../processes.ts';
import { ContainerProcess } from './container-process.ts';
import type { ContainerEvent, Engine } from './engine.ts';

export type ContainerFleetOptions = {
  project: string;
  /** Services that are processes of the fleet, with their ports. Nothing else is touched. */
  services: readonly { name: string; ports: Record<string, number> }[];
  engine: Engine;
  onChange(process: ContainerProcess): void;
  /** Called after each round of CPU and memory. */
  onSample?(): void;
  lookEveryMs?: number;
};

export type ContainerFleet = Processes & {
  processes: readonly ContainerProcess[];
  freezer: Freezer;
  /** Resolves when every container was looked at once, or Docker did not answer. */
  looked: Promise<unknown>;
  close(): void;
};

const retryMs = 1_000;

export function watchContainers(options: ContainerFleetOptions): ContainerFleet {
  const { project, engine, lookEveryMs = 2_000 } = options;
  const ending = new AbortController();
  const processes = options.services.map(
    ({ name, ports }) => new ContainerProcess({ name, ports, project, engine, onChange: options.onChange }),
  );
  const byName = new Map(processes.map((process) => [process.name, process]));
  const lookAtAll = () => Promise.all(processes.map((process) => process.look()));

  function find(name: string): ContainerProcess {
    const process = byName.get(name);
    if (process === undefined) throw new AppError('not_found', `there is no process "${name}"`);
    return process;
  }

  function act(name: string, action: Parameters<Processes['act']>[1]): ContainerProcess {
    const process = find(name);
    void process.ask(action);
    return process;
  }

  function tell({ service, action, exitCode, signal, atMs }: ContainerEvent): void {
    const process = byName.get(service);
    if (process === undefined) return;
    if (action === 'start') void process.dispatch({ type: 'started' });
    if (action === 'kill') void process.dispatch({ type: 'signalled', signal });
    if (action === 'die' && exitCode !== null) void process.dispatch({ type: 'died', code: exitCode, atMs });
    void process.look();
  }

  async function listen(): Promise<void> {
    while (!ending.signal.aborted) {
      try {
        for await (const event of engine.events(project, ending.signal, () => void lookAtAll())) tell(event);
      } catch {
        // The regular look says that Docker does not answer.
      }
      await delay(retryMs, undefined, { signal: ending.signal }).catch(() => {});
    }
  }

  let busy = false;
  const timer = setInterval(async () => {
    if (busy) return;
    busy = true;
    await lookAtAll();
    for (const process of processes) await process.sample().catch(() => {});
    busy = false;
    options.onSample?.();
  }, lookEveryMs);

  void listen();
  return {
    processes,
    looked: lookAtAll(),
    find,
    act,
    freezer: {
      // Who wakes it when we are killed: we, when Docker has started us again (recover.ts).
      async freeze(name) {
        await find(name).ask('pause');
        const { state, reason } = find(name).status();
        if (state !== 'paused')
          throw new AppError('dependency_failed', `${name} is ${state}: ${reason ?? 'not paused'}`);
      },
      async thaw(name) {
        if (find(name).status().state === 'paused') await find(name).ask('resume');
      },
    },
    close() {
      ending.abort();
      clearInterval(timer);
      for (const process of processes) process.close();
    },
  };
}
