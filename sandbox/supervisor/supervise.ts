/** Puts the sandbox together: lock, leftovers, secrets, ports, processes, control API, files. */
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ProcessStatus, SandboxState } from '#contracts/sandbox/control.ts';
import { type Fleet, type FleetProcess, publicTopology, supervisorName, supervisorPort } from '../topology.ts';
import { createAddresses, httpUrl } from './addresses.ts';
import { defaultBackoff } from './backoff.ts';
import { RotatedFile } from './capture/rotated-file.ts';
import { chooseProcesses, portWishes } from './choose.ts';
import { type ControlServer, startControlServer } from './control/server.ts';
import { environmentOf } from './environment.ts';
import { createFleetRunner } from './fleet-runner.ts';
import { ensureHome, type Home, repository, writeJson } from './home.ts';
import { createJournal } from './journal.ts';
import { consoleLauncher } from './launchers/console.ts';
import { nodeLauncher } from './launchers/node.ts';
import { postgresLauncher } from './launchers/postgres.ts';
import { type Holder, takeLock } from './lock.ts';
import { type Launcher, ManagedProcess } from './managed-process.ts';
import { endOrphans, writePids } from './orphans.ts';
import { assignPorts } from './ports.ts';
import { probeHttp } from './probes/http.ts';
import { probeKafka } from './probes/kafka.ts';
import { startMark } from './process-table.ts';
import { startSampler } from './sampler.ts';
import { loadSecrets } from './secrets.ts';
import { createLogShipper } from './shipping/log-shipper.ts';
import { describeState, type Launch } from './state.ts';

export type SuperviseOptions = {
  fleet: Fleet;
  home: Home;
  dev: boolean;
  environment: NodeJS.ProcessEnv;
  /** Where node entries are resolved; the checkout unless a test says otherwise. */
  directory?: string;
  graceMs?: number;
  onChange?(status: ProcessStatus): void;
  /** Called for what a person should know: an orphan ended, a port moved. */
  onNotice?(message: string): void;
};

export type Supervisor = {
  launch: Launch;
  state(): SandboxState;
  statuses(): ProcessStatus[];
  /** Stops everything in waves; the second call only hastens the first. */
  stop(): Promise<void>;
  /** Resolves when everything has stopped, whoever asked for it. */
  stopped: Promise<void>;
};

/** Starts the sandbox, or says who already runs it. Resolves when everything is under way, not when it is ready. */
export async function supervise(options: SuperviseOptions): Promise<Supervisor | { holder: Holder }> {
  const { fleet, home, environment } = options;
  const notice = options.onNotice ?? (() => {});
  const chosen = chooseProcesses(fleet, environment);
  const wishes = portWishes(fleet, { name: supervisorName, port: supervisorPort }, environment);
  await ensureHome(home);
  const lock = await takeLock(home.lock);
  if ('holder' in lock) return lock;

  // Until our own are written, nobody must take the endpoints of a dead supervisor for ours.
  for (const file of [home.state, home.launch]) await rm(file, { force: true });
  const ended = await endOrphans(home);
  if (ended.length > 0) notice(`ended what an earlier run left behind: ${ended.join(', ')}`);
  const secrets = await loadSecrets(
    home,
    fleet.processes.flatMap((process) => process.database ?? []),
  );
  const ports = await assignPorts(wishes);
  for (const wish of wishes) {
    const port = ports[wish.process]?.[wish.purpose];
    if (port !== wish.port) notice(`port ${wish.port} is taken: ${wish.process} uses ${port}`);
  }
  const addresses = createAddresses(fleet, ports);
  const version = packageVersion();
  const directory = options.directory ?? repository;
  const context = {
    fleet,
    addresses,
    secrets,
    home: home.directory,
    compileCache: home.compileCache,
    version,
    inherited: environment,
  };
  const shipper = createLogShipper({ url: httpUrl(addresses.ofProcess('telemetry')), key: secrets.otlpKey });

  const launch: Launch = {
    pid: process.pid,
    consoleLaunch: `${httpUrl(addresses.ofProcess('console'))}/?token=${secrets.consoleLaunchToken}`,
    controlUrl: httpUrl(addresses.ofProcess(supervisorName)),
    controlToken: secrets.controlToken,
    telemetryToken: secrets.telemetryToken,
    cliClientSecret: secrets.clients.cli ?? '',
  };

  const startedAt = new Date();
  const marks = new Map<string, string>();
  const seenReady = new Set<string>();
  let control: ControlServer | null = null;
  let stopping: Promise<void> | null = null;

  const processes = fleet.processes
    .filter((process) => chosen.has(process.name))
    .map(
      (process) =>
        new ManagedProcess({
          name: process.name,
          ports: ports[process.name] ?? {},
          launcher: launcherOf(process),
          policy: { backoff: defaultBackoff, readyTimeoutMs: 30_000, degradedAfter: 2 },
          file: new RotatedFile(path.join(home.logs, `${process.name}.log`)),
          graceMs: options.graceMs ?? 10_000,
          onChange: changed,
          onLine: (managed, line) => shipper.push({ name: managed.name, instance: managed.instance, version }, line),
        }),
    );
  const runner = createFleetRunner(fleet, processes);
  const state = () =>
    describeState({ home, startedAt, ready: seenReady.size === processes.length, addresses, processes });
  const files = createJournal(async () => {
    await writePids(home, await knownPids());
    await writeJson(home.state, state());
  });

  function launcherOf(process: FleetProcess): Launcher {
    const own = addresses.ofProcess(process.name);
    const env = (instance: string) => environmentOf(process, instance, context);
    const { readiness, launch: how } = process;
    const probe = (signal: AbortSignal) =>
      readiness.type === 'kafka'
        ? probeKafka(addresses.ofProcess(process.name, readiness.port), signal)
        : probeHttp(
            addresses.ofProcess(process.name, readiness.port),
            readiness.type === 'http' ? readiness.path : '/',
            signal,
          );
    switch (how.type) {
      case 'postgres':
        return postgresLauncher({
          home: home.directory,
          port: own.port,
          superuserPassword: secrets.postgresSuperuser,
          logins: Object.entries(secrets.logins).map(([name, password]) => ({ name, password })),
        });
      case 'console':
        return consoleLauncher({ directory, port: own.port, dev: options.dev, environment: env, probe });
      case 'node':
        return nodeLauncher({ entry: how.entry, directory, flags: process.nodeFlags, environment: env, probe });
    }
  }

  function changed(managed: ManagedProcess): void {
    if (managed.lifecycle.state === 'running') seenReady.add(managed.name);
    const status = managed.status();
    control?.publish(status);
    options.onChange?.(status);
    files.touch();
    runner.changed();
  }

  /** Each pid with its start mark, which is read once per start. */
  async function knownPids() {
    const rows = processes.map(async (managed) => {
      const { pid } = managed.lifecycle;
      if (pid === null) return [];
      const mark = marks.get(managed.instance) ?? (await startMark(pid));
      if (mark === null) return [];
      marks.set(managed.instance, mark);
      return [{ name: managed.name, pid, mark, stopSignal: managed.name === 'postgres' ? 'SIGINT' : 'SIGTERM' }];
    });
    return (await Promise.all(rows)).flat();
  }

  let resolveStopped = () => {};
  const stopped = new Promise<void>((resolve) => {
    resolveStopped = resolve;
  });

  async function stopEverything(): Promise<void> {
    stopSampler();
    await runner.stopAll();
    await shipper.close(AbortSignal.timeout(500));
    for (const managed of processes) managed.flush();
    await files.settle();
    await control?.close();
    for (const file of [home.state, home.pids, home.launch]) await rm(file, { force: true });
    if ('release' in lock) await lock.release();
    resolveStopped();
  }

  function stop(): Promise<void> {
    if (stopping !== null) runner.hasten();
    stopping ??= stopEverything();
    return stopping;
  }

  control = await startControlServer({
    port: addresses.ofProcess(supervisorName).port,
    token: secrets.controlToken,
    topology: publicTopology(fleet),
    runner,
    state,
    shutdown: () => void (stopping ?? stop()),
  });
  await writeJson(home.launch, launch);
  const stopSampler = startSampler(processes, () => {
    for (const managed of processes) if (managed.lifecycle.pid !== null) control?.publish(managed.status());
  });
  runner.startAll();
  await files.settle();
  return { launch, state, statuses: () => processes.map((managed) => managed.status()), stop, stopped };
}

function packageVersion(): string {
  return (createRequire(import.meta.url)('../../package.json') as { version: string }).version;
}
