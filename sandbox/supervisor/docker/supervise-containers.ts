/** The supervisor of containers: what supervise.ts is for children, over the Docker Engine and Toxiproxy. */
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, isAppError } from '#contracts/errors.ts';
import type { ProcessState, ProcessStatus } from '#contracts/sandbox/control.ts';
import { otlpOnHost, publishedPorts } from '../../compose/published-ports.ts';
import type { Fleet } from '../../fleet.ts';
import { supervisorName } from '../../topology.ts';
import { type Addresses, createAddresses, httpUrl } from '../addresses.ts';
import { readFaultRuns } from '../chaos/chaos.ts';
import { createServiceFaults } from '../chaos/service-faults.ts';
import { createTouchedTraces } from '../chaos/touched-traces.ts';
import { createToxiproxyClient } from '../chaos/toxiproxy.ts';
import type { ControlChannel } from '../control/control-channel.ts';
import { type ControlRoom, type ControlRoomOptions, openControlRoom } from '../control-room.ts';
import { type Detours, proxyProcess } from '../detours.ts';
import { ensureHome, type Home } from '../home.ts';
import { describeState } from '../state.ts';
import { watchContainers } from './container-fleet.ts';
import type { ContainerProcess } from './container-process.ts';
import { endLeftovers } from './end-leftovers.ts';
import type { Engine } from './engine.ts';

export type ContainerSupervisorOptions = {
  fleet: Fleet;
  /** Compose project; only its containers are touched. */
  project: string;
  home: Home;
  environment: NodeJS.ProcessEnv;
  engine: Engine;
  network: { addresses: Addresses; detours: Detours };
  tokens: ControlRoomOptions['tokens'];
  listening: ControlRoomOptions['listening'];
  onChange?(status: ProcessStatus): void;
  /** Called for what a person should know. */
  onNotice?(message: string): void;
};

export type ContainerSupervisor = {
  statuses(): ProcessStatus[];
  /** Ends this supervisor; the containers go on. */
  stop(): Promise<void>;
};

const notes: ControlRoomOptions['notes'] = {
  network:
    'The proxy is Toxiproxy: it counts no hits (shown are the traces that the fault touched) and takes no seed. The supervisor holds the lease; if it is killed, the fault ends when it is back.',
  process:
    'The process is a container: it is killed, stopped and paused through the Docker Engine. If the supervisor is killed meanwhile, the fault ends when it is back.',
};
const retryMs = 1_000;

export async function superviseContainers(options: ContainerSupervisorOptions): Promise<ContainerSupervisor> {
  const { fleet, home, tokens, listening } = options;
  const { addresses, detours } = options.network;
  const startedAt = new Date();
  const lastState = new Map<string, ProcessState>();
  const seenReady = new Set<string>();
  const onHost = addressesOnHost(fleet, listening.port);
  let room: ControlRoom | null = null;

  await ensureHome(home);
  const before = await readFaultRuns(home.chaos);
  const runner = watchContainers({
    project: options.project,
    services: fleet.processes.map((process) => ({ name: process.name, ports: publishedPorts(process) })),
    engine: options.engine,
    onChange: changed,
    onSample: () => {
      for (const process of runner.processes) if (process.status().pid !== null) room?.publish(process.status());
    },
  });

  function changed(process: ContainerProcess): void {
    const status = process.status();
    room?.publish(status);
    if (status.state === 'running') seenReady.add(status.name);
    if (lastState.get(status.name) === status.state) return;
    lastState.set(status.name, status.state);
    if (status.name === 'telemetry' && status.pid !== null) room?.telemetryRestarted();
    options.onChange?.(status);
  }

  await runner.looked;
  const proxies = createToxiproxyClient(
    httpUrl(addresses.ofProcess(proxyProcess)),
    (edge) => detours.addresses.get(edge),
    createTouchedTraces(httpUrl(addresses.ofProcess('telemetry')), tokens.telemetry),
  );
  const ending = new AbortController();
  const channel: ControlChannel = {
    services: fleet.processes.filter(({ secrets }) => secrets.includes('AGENT_TOKEN')).map(({ name }) => name),
    urlOf: (service) => httpUrl(addresses.ofProcess(service)),
    token: tokens.agent,
    touched: new Map(),
  };
  const leftovers = {
    edges: detours.edges,
    proxies,
    runner,
    services: channel.services,
    ...createServiceFaults(channel),
    now: Date.now,
  };
  await untilDone(() => endLeftovers(before, leftovers));
  room = await openControlRoom({
    fleet,
    home,
    environment: options.environment,
    addresses,
    edges: detours.edges,
    proxies,
    runner,
    freezer: runner.freezer,
    notes,
    tokens,
    listening,
    state() {
      const state = describeState({
        home,
        startedAt,
        ready: seenReady.size === runner.processes.length,
        addresses: onHost,
        processes: runner.processes,
      });
      const otlpHttp = httpUrl({ host: '127.0.0.1', port: otlpOnHost.http });
      return { ...state, endpoints: { ...state.endpoints, otlpHttp } };
    },
    shutdown() {
      throw new AppError('conflict', 'containers are stopped with `docker compose -f compose/compose.yaml down`');
    },
  });

  /** Docker and Toxiproxy may come up after us. */
  async function untilDone(work: () => Promise<string[]>): Promise<void> {
    for (let said = ''; !ending.signal.aborted; await delay(retryMs)) {
      try {
        const ended = await work();
        if (ended.length > 0) options.onNotice?.(`ended what an earlier run left on: ${ended.join(', ')}`);
        return;
      } catch (error) {
        const reason = isAppError(error) ? error.message : String(error);
        if (reason !== said) options.onNotice?.(`what an earlier run left on is not off yet: ${reason}`);
        said = reason;
      }
    }
  }

  return {
    statuses: () => runner.processes.map((process) => process.status()),
    async stop() {
      ending.abort();
      await room?.rest();
      runner.close();
      await room?.close();
    },
  };
}

/** Where a person on this machine finds what is told in `GET /v1/state`: everything is published on its loopback. */
function addressesOnHost(fleet: Fleet, controlPort: number): Addresses {
  const ports = Object.fromEntries(fleet.processes.map((process) => [process.name, publishedPorts(process)]));
  return createAddresses(fleet, { ...ports, [supervisorName]: { http: controlPort } });
}
