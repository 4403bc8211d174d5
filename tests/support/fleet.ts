import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProcessAction, ProcessStatus, SandboxState } from '#contracts/sandbox/control.ts';
import { root } from './paths.ts';
import { until } from './until.ts';

/** A running sandbox in a state directory of its own; several may run side by side. */
export type Fleet = {
  home: string;
  /** What the sandbox says of itself now; ports move when a process could not get its old one back. */
  state: () => SandboxState;
  secrets: () => {
    controlToken: string;
    telemetryToken: string;
    otlpKey: string;
    postgresSuperuser: string;
    clients: Record<string, string>;
  };
  /** Runs `orrery …` against this sandbox. */
  orrery: (args: string[]) => Promise<{ code: number; stdout: string; stderr: string }>;
  /** Asks the supervisor's control API. Throws on any status but 2xx. */
  request: (path: string, method?: string, body?: unknown) => Promise<unknown>;
  control: (name: string, action: ProcessAction) => Promise<void>;
  process: (name: string) => Promise<ProcessStatus>;
  /** Waits until every process is running again. */
  recovered: (withinMs?: number) => Promise<void>;
  stop: () => Promise<void>;
};

export type FleetOptions = {
  /** Processes to leave out, e.g. the console where no page is looked at. */
  without?: string[];
  home?: string;
};

/** Starts a sandbox and waits until all of it is ready. Throws with the output when it does not come up. */
export async function startFleet({
  without = [],
  home = mkdtempSync(join(tmpdir(), 'orrery-fleet-')),
}: FleetOptions = {}): Promise<Fleet> {
  const fleet = fleetAt(home, { ORRERY_WITHOUT: without.join(',') });
  const { code, stdout, stderr } = await fleet.orrery(['up', '--detach', '--json']);
  if (code !== 0) {
    await fleet.stop();
    throw new Error(`the fleet did not come up (exit ${code}):\n${stdout}\n${stderr}`);
  }
  return fleet;
}

/** The sandbox whose state directory is `home`. */
export function fleetAt(home: string, environment: Record<string, string> = {}): Fleet {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(home, file), 'utf8'));
  const state = () => SandboxState.parse(read('state.json'));
  const secrets = () => read('secrets.json') as ReturnType<Fleet['secrets']>;
  const orrery = (args: string[]) => run(args, { ...environment, ORRERY_HOME: home });

  const controlRequest = async (path: string, method = 'GET', body?: unknown): Promise<unknown> => {
    const response = await fetch(state().endpoints.control + path, {
      method,
      headers: {
        authorization: `Bearer ${secrets().controlToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`${method} ${path} → ${response.status} ${await response.text()}`);
    return response.json();
  };
  const processes = async () => ProcessStatus.array().parse(await controlRequest('/v1/processes'));

  return {
    home,
    state,
    secrets,
    orrery,
    request: controlRequest,
    control: async (name, action) => {
      await controlRequest(`/v1/processes/${name}/${action}`, 'POST');
    },
    process: async (name) => {
      const found = (await processes()).find((process) => process.name === name);
      if (!found) throw new Error(`no process ${name}`);
      return found;
    },
    recovered: async (withinMs = 60_000) => {
      await until(
        'every process is running',
        async () => {
          const late = (await processes()).filter((process) => process.state !== 'running');
          if (late.length > 0)
            throw new Error(
              late.map((process) => `${process.name}: ${process.state} ${process.reason ?? ''}`).join('; '),
            );
          return true;
        },
        { withinMs, everyMs: 100 },
      );
    },
    stop: async () => {
      await orrery(['down']);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function run(
  args: string[],
  environment: Record<string, string>,
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['sandbox/cli.ts', ...args], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}
