import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ProcessStatus } from '#contracts/sandbox/control.ts';
import type { Fleet } from '../../fleet.ts';
import { processEnv } from '../../process-env.ts';
import { fleet } from '../../topology.ts';
import { type Home, homeFiles } from '../home.ts';
import { type Supervisor, supervise } from '../supervise.ts';
import { until } from '../until.ts';

/** The real fleet with every process replaced by the fixture: same names, ports and edges, no weight. */
export const fixtureFleet: Fleet = {
  ...fleet,
  processes: fleet.processes.map((process) => ({
    ...process,
    launch: { type: 'node', entry: 'sandbox/supervisor/testing/fixture.ts' },
    readiness: { type: 'http', port: Object.keys(process.ports)[0] ?? 'http', path: '/' },
  })),
};

/** Modes by process name; those named are the fleet, e.g. `{ postgres: '', orders: 'slow' }`. */
export type Modes = Record<string, string>;

export function fixtureEnvironment(
  modes: Modes,
  portBase = 20_000 + Math.floor(Math.random() * 40_000),
): NodeJS.ProcessEnv {
  return processEnv({
    PATH: process.env.PATH ?? '',
    ORRERY_ONLY: Object.keys(modes).join(','),
    ORRERY_PORT_BASE: String(portBase),
    ...Object.fromEntries(Object.entries(modes).map(([name, mode]) => [`FIXTURE_${name.toUpperCase()}`, mode])),
  });
}

export type Running = {
  home: Home;
  supervisor: Supervisor;
  notices: string[];
  status(name: string): ProcessStatus;
  /** Waits until the process is as the condition says; rejects with its status when it never is. */
  becomes(name: string, condition: (status: ProcessStatus) => boolean): Promise<ProcessStatus>;
  act(name: string, action: string): Promise<Response>;
  end(): Promise<void>;
};

/** Supervises fixtures inside this process. */
export async function runFixtures(
  modes: Modes,
  options: { graceMs?: number; home?: Home; portBase?: number } = {},
): Promise<Running> {
  const home = options.home ?? homeFiles(await mkdtemp(path.join(tmpdir(), 'orrery-supervisor-')));
  const notices: string[] = [];
  const supervisor = await supervise({
    fleet: fixtureFleet,
    home,
    dev: false,
    environment: fixtureEnvironment(modes, options.portBase),
    graceMs: options.graceMs ?? 3_000,
    onNotice: (message) => notices.push(message),
  });
  if ('holder' in supervisor) throw new Error(`held by ${supervisor.holder.pid}`);
  const status = (name: string) => {
    const found = supervisor.statuses().find((candidate) => candidate.name === name);
    if (!found) throw new Error(`no process ${name}`);
    return found;
  };
  return {
    home,
    supervisor,
    notices,
    status,
    async becomes(name, condition) {
      const met = await until(() => condition(status(name)), { timeoutMs: 15_000, everyMs: 5 });
      if (!met) throw new Error(`${name} stayed ${JSON.stringify(status(name))}`);
      return status(name);
    },
    act: (name, action) =>
      fetch(`${supervisor.launch.controlUrl}/v1/processes/${name}/${action}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${supervisor.launch.controlToken}` },
      }),
    async end() {
      await supervisor.stop();
      await rm(home.directory, { recursive: true, force: true });
    },
  };
}
