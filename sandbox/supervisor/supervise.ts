/** Puts the sandbox together: lock, leftovers, secrets, ports, processes, control API, files. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { ProcessState, ProcessStatus, SandboxState } from '#contracts/sandbox/control.ts';
import type { Fleet } from '../fleet.ts';
import { supervisorName, supervisorPort } from '../topology.ts';
import { type Addresses, createAddresses, httpUrl } from './addresses.ts';
import { defaultBackoff } from './backoff.ts';
import { RotatedFile } from './capture/rotated-file.ts';
import { createFreezer } from './chaos/freezer.ts';
import { createProxiesClient } from './chaos/proxies.ts';
import { chooseProcesses, portWishes } from './choose.ts';
import { type ControlRoom, openControlRoom } from './control-room.ts';
import { type Detours, detourWishes, noDetours, planDetours, proxyProcess } from './detours.ts';
import { environmentOf } from './environment.ts';
import { createFleetRunner } from './fleet-runner.ts';
import { ensureHome, type Home, repository, writeJson } from './home.ts';
import { createJournal } from './journal.ts';
import { launcherFor } from './launchers/launcher-for.ts';
import { type Holder, takeLock } from './lock.ts';
import { loginNames } from './logins.ts';
import { ManagedProcess } from './managed-process.ts';
import { endOrphans, writePids } from './orphans.ts';
import { packageVersion } from './package-version.ts';
import { createPortClaims, type PortClaims } from './port-claims.ts';
import { assignPorts, type PortTable } from './ports.ts';
import { startMark } from './process-table.ts';
import { startSampler } from './sampler.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import { createLogShipper, type LogShipper } from './shipping/log-shipper.ts';
import { describeState, type Launch } from './state.ts';

export type SuperviseOptions = {
  fleet: Fleet;
  home: Home;
  dev: boolean;
  environment: NodeJS.ProcessEnv;
  /** Where node entries are resolved; the checkout unless a test says otherwise. */
  directory?: string;
  /** SIGTERM to SIGKILL; above the 8 s in which services promise to be gone. */
  graceMs?: number;
  onChange?(status: ProcessStatus): void;
  /** Called for what a person should know: an orphan ended, a port moved. */
  onNotice?(message: string): void;
};

export type Supervisor = {
  launch: Launch;
  state(): SandboxState;
  statuses(): ProcessStatus[];
  /** Stops everything in waves; a second call hastens the first. */
  stop(): Promise<void>;
  /** Resolves when everything has stopped, whoever asked for it. */
  stopped: Promise<void>;
};

/**
 * Starts the sandbox, or says who already runs it. Resolves when everything is under way, not when it is ready.
 * Throws AppError when it cannot begin: no port, damaged secrets, an unknown name in ORRERY_ONLY.
 */
export async function supervise(options: SuperviseOptions): Promise<Supervisor | { holder: Holder }> {
  const { fleet, home, environment } = options;
  const chosen = chooseProcesses(fleet, environment);
  const more = chosen.has(proxyProcess) ? detourWishes(fleet) : [];
  const wishes = portWishes(fleet, { name: supervisorName, port: supervisorPort }, environment, more);
  await ensureHome(home);
  const lock = await takeLock(home.lock);
  if ('holder' in lock) return lock;
  const claims = createPortClaims();
  const release = async () => {
    await claims.releaseAll();
    await lock.release();
  };
  try {
    // Until our own are written, nobody must take the endpoints of a dead supervisor for ours.
    for (const file of [home.state, home.launch]) await rm(file, { force: true });
    const ended = await endOrphans(home);
    if (ended.length > 0) options.onNotice?.(`ended what an earlier run left behind: ${ended.join(', ')}`);
    const secrets = await loadSecrets(home, loginNames(fleet));
    const ports = await givePorts(fleet, wishes, claims, options.onNotice);
    const detours = chosen.has(proxyProcess) ? planDetours(fleet, ports) : noDetours;
    if (detours.proxies.length > 0) await writeJson(home.proxies, detours.proxies);
    const addresses = createAddresses(fleet, ports, detours.addresses);
    return await begin({ ...options, chosen, secrets, addresses, detours, release });
  } catch (error) {
    await release();
    throw error;
  }
}

async function givePorts(
  fleet: Fleet,
  wishes: ReturnType<typeof portWishes>,
  claims: PortClaims,
  notice: SuperviseOptions['onNotice'],
): Promise<PortTable> {
  const ports = await assignPorts(wishes, (port) => claims.claim(port));
  const known = new Map(fleet.processes.map((process) => [process.name, process.ports]));
  for (const wish of wishes) {
    const port = ports[wish.process]?.[wish.purpose];
    // Nobody types the port of a detour.
    const isDetour = known.has(wish.process) && known.get(wish.process)?.[wish.purpose] === undefined;
    if (port !== wish.port && !isDetour) notice?.(`port ${wish.port} is taken: ${wish.process} uses ${port}`);
  }
  return ports;
}

type BeginOptions = SuperviseOptions & {
  chosen: ReadonlySet<string>;
  secrets: Secrets;
  addresses: Addresses;
  detours: Detours;
  release(): Promise<void>;
};

async function begin(options: BeginOptions): Promise<Supervisor> {
  const { fleet, home, secrets, addresses } = options;
  const startedAt = new Date();
  const seenReady = new Set<string>();
  const lastState = new Map<string, ProcessState>();
  const shipper = createLogShipper({ url: httpUrl(addresses.ofProcess('telemetry')), key: secrets.otlpKey });
  const processes = createProcesses(options, shipper, changed);
  const runner = createFleetRunner(fleet, processes);
  const state = () =>
    describeState({ home, startedAt, ready: seenReady.size === processes.length, addresses, processes });
  const pids = createPidReader(processes);
  const files = createJournal(async () => {
    await writePids(home, await pids());
    await writeJson(home.state, state());
  });
  const launch: Launch = {
    pid: process.pid,
    consoleLaunch: `${httpUrl(addresses.ofProcess('console'))}/?token=${secrets.consoleLaunchToken}`,
    controlUrl: httpUrl(addresses.ofProcess(supervisorName)),
    controlToken: secrets.controlToken,
    telemetryToken: secrets.telemetryToken,
    auditorToken: secrets.auditorToken,
    cliClientSecret: secrets.clients.cli ?? '',
  };
  let room: ControlRoom | null = null;
  let stopping: Promise<void> | null = null;
  const { promise: stopped, resolve: resolveStopped } = Promise.withResolvers<void>();

  function changed(managed: ManagedProcess): void {
    const status = managed.status();
    if (status.state === 'running') seenReady.add(managed.name);
    if (lastState.get(managed.name) !== status.state) {
      reportFailure(managed, shipper);
      if (managed.name === 'telemetry' && status.pid !== null) room?.telemetryRestarted();
    }
    lastState.set(managed.name, status.state);
    room?.publish(status);
    options.onChange?.(status);
    files.touch();
    runner.changed();
  }

  function stop(): Promise<void> {
    if (stopping !== null) runner.hasten();
    stopping ??= stopEverything();
    return stopping;
  }

  async function stopEverything(): Promise<void> {
    stopSampler();
    await room?.rest();
    await runner.stopAll();
    await shipper.close(AbortSignal.timeout(500));
    for (const managed of processes) managed.flush();
    await files.settle();
    await room?.close();
    for (const file of [home.state, home.pids, home.launch, home.proxies]) await rm(file, { force: true });
    await options.release();
    resolveStopped();
  }

  room = await openControlRoom({
    fleet,
    home,
    environment: options.environment,
    addresses,
    edges: options.detours.edges,
    proxies: createProxiesClient(httpUrl(addresses.ofProcess(proxyProcess)), (edge) =>
      options.detours.addresses.get(edge),
    ),
    runner,
    freezer: createFreezer(runner),
    notes: {},
    tokens: {
      control: secrets.controlToken,
      telemetry: secrets.telemetryToken,
      auditor: secrets.auditorToken,
      agent: secrets.agentToken,
      cliClient: launch.cliClientSecret,
    },
    listening: { host: '127.0.0.1', port: addresses.ofProcess(supervisorName).port, hosts: [] },
    state,
    shutdown: () => void (stopping ?? stop()),
  });
  await writeJson(home.launch, launch);
  const stopSampler = startSampler(processes, () => {
    for (const managed of processes) if (managed.lifecycle.pid !== null) room?.publish(managed.status());
  });
  runner.startAll();
  await files.settle();
  return { launch, state, statuses: () => processes.map((managed) => managed.status()), stop, stopped };
}

function createProcesses(
  options: BeginOptions,
  shipper: LogShipper,
  onChange: (managed: ManagedProcess) => void,
): ManagedProcess[] {
  const { fleet, home, secrets, addresses } = options;
  const version = packageVersion();
  const inherited = options.environment;
  const context = {
    fleet,
    addresses,
    secrets,
    home: home.directory,
    compileCache: home.compileCache,
    version,
    more: {
      broker: { BROKER_LISTENERS: options.detours.brokerListeners },
      [proxyProcess]: { TOXICS_CONFIG: home.proxies },
    },
    inherited,
  };
  return fleet.processes
    .filter((process) => options.chosen.has(process.name))
    .map(
      (process) =>
        new ManagedProcess({
          name: process.name,
          version,
          ports: Object.fromEntries(
            Object.keys(process.ports).map((purpose) => [purpose, addresses.ofProcess(process.name, purpose).port]),
          ),
          launcher: launcherFor(process, {
            addresses,
            secrets,
            home: home.directory,
            directory: options.directory ?? repository,
            dev: options.dev,
            environment: (described, instance) => environmentOf(described, instance, context),
          }),
          policy: { backoff: defaultBackoff, readyTimeoutMs: 30_000, degradedAfter: 2 },
          file: new RotatedFile(path.join(home.logs, `${process.name}.log`)),
          graceMs: options.graceMs ?? 10_000,
          onChange,
          onLine: (managed, line) => shipper.push(managed.source, line),
        }),
    );
}

/** A crash is an error in the logs of the process that crashed, whatever it said itself. */
function reportFailure(managed: ManagedProcess, shipper: LogShipper): void {
  const { state, lastExit, reason } = managed.status();
  if (state !== 'backoff' && state !== 'crash-loop' && state !== 'failed') return;
  const fields = { level: 'error', message: 'process ended unexpectedly', state, reason, exit: lastExit };
  shipper.push(managed.source, { at: new Date().toISOString(), stream: 'stderr', line: JSON.stringify(fields) });
}

/** Reads the living pids with their start marks; a mark is asked for once per start. */
function createPidReader(processes: readonly ManagedProcess[]) {
  const marks = new Map<string, string>();
  return async () => {
    const rows = processes.map(async (managed) => {
      const { pid } = managed.lifecycle;
      if (pid === null) return [];
      const mark = marks.get(managed.source.instance) ?? (await startMark(pid));
      if (mark === null) return [];
      marks.set(managed.source.instance, mark);
      return [{ name: managed.name, pid, mark, stopSignal: managed.name === 'postgres' ? 'SIGINT' : 'SIGTERM' }];
    });
    return (await Promise.all(rows)).flat();
  };
}
