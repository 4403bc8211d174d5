import type { World } from '#sandbox/chaos/world.ts';
import type { Fleet } from '../../fleet.ts';
import type { ControlChannel } from '../control/control-channel.ts';
import type { Detours } from '../detours.ts';
import type { LoadControl } from '../load/load-control.ts';
import type { Freezer, Processes } from '../processes.ts';
import { createServiceFaults } from './service-faults.ts';

export type WorldOptions = {
  fleet: Fleet;
  edges: Detours['edges'];
  proxies: World['proxies'];
  runner: Processes;
  freezer: Freezer;
  notes: World['notes'];
  channel: ControlChannel;
  load: LoadControl;
};

/** The sandbox as faults reach it. */
export function createWorld({ fleet, edges, proxies, runner, freezer, notes, channel, load }: WorldOptions): World {
  const started = new Set(runner.processes.map(({ name }) => name));
  return {
    edges: edges.filter(({ from, to }) => started.has(from) && started.has(to)),
    processes: fleet.processes
      .filter(({ name, kind }) => started.has(name) && kind !== 'proxy')
      .map(({ name, title, kind }) => ({ name, title, kind })),
    services: channel.services.filter((name) => started.has(name)),
    notes,
    proxies,
    act: (process, action) => void runner.act(process, action),
    status: (process) => runner.find(process).status(),
    ...freezer,
    ...createServiceFaults(channel),
    load: {
      start: (plan) => load.start(plan),
      // Asked several times a second: only a run that another has followed is looked for on disk.
      async read(run) {
        const current = load.current();
        return current?.run === run ? current : load.find(run).catch(() => null);
      },
      stop: (run) => void load.stop(run),
    },
  };
}
