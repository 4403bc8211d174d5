import { FailpointStatus } from '#contracts/sandbox/control-channel.ts';
import { AgentStatus } from '#contracts/sandbox/fault-agent.ts';
import type { World } from '#sandbox/chaos/world.ts';
import type { Fleet } from '../../fleet.ts';
import { type ControlChannel, callChannel } from '../control/control-channel.ts';
import type { Detours } from '../detours.ts';
import type { LoadControl } from '../load/load-control.ts';
import type { Freezer, Processes } from '../processes.ts';

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
  const failpoint = (name: string) => `failpoints/${encodeURIComponent(name)}`;
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
    agents: {
      async arm(service, id, order) {
        await callChannel(channel, service, 'PUT', `faults/${id}`, order);
      },
      async disarm(service, id) {
        await callChannel(channel, service, 'DELETE', `faults/${id}`);
      },
      async read(service, id) {
        const list = AgentStatus.array().parse(await callChannel(channel, service, 'GET', 'faults'));
        return list.find((status) => status.id === id) ?? null;
      },
    },
    failpoints: {
      arm: async (service, name, order) =>
        FailpointStatus.parse(await callChannel(channel, service, 'PUT', failpoint(name), order)),
      async disarm(service, name) {
        await callChannel(channel, service, 'DELETE', failpoint(name));
      },
      async read(service, name) {
        const list = await callChannel(channel, service, 'GET', 'failpoints').catch(() => null);
        const known = FailpointStatus.array().safeParse(list);
        return known.data?.find((status) => status.failpoint === name) ?? null;
      },
    },
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
