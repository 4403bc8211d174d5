import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { AppError } from '#contracts/errors.ts';
import { type ProcessStatus, ProcessStatus as ProcessStatusSchema } from '#contracts/sandbox/control.ts';
import { ensureHome, homeFiles, repository } from '../supervisor/home.ts';
import { lockHolder } from '../supervisor/lock.ts';
import { listenForSignals } from '../supervisor/signals.ts';
import { supervise } from '../supervisor/supervise.ts';
import { until } from '../supervisor/until.ts';
import { fleet } from '../topology.ts';
import { assertNoContainers } from './compose/containers.ts';
import { callControl, currentState, findProcesses, type RunningProcesses } from './control-client.ts';
import { wholeNumber } from './options.ts';
import { createProgress } from './progress.ts';

type Options = { detach?: boolean; json?: boolean; dev?: boolean; compose?: boolean; timeout: number };

export function upCommand(): Command {
  return new Command('up')
    .description('start everything; a second `up` finds the first')
    .option('-d, --detach', 'return when everything is ready, and leave it running')
    .option('--compose', 'in containers instead, by `docker compose`; returns when everything is ready')
    .option('--dev', 'console with reload instead of a production build')
    .option('--json', 'print the state as JSON when everything is ready')
    .option(
      '--timeout <seconds>',
      'with --detach or --compose: how long to wait for readiness',
      wholeNumber(1, 3_600),
      300,
    )
    .action(async (options: Options) => {
      process.exitCode = await up(options);
    });
}

async function up(options: Options): Promise<number> {
  if (options.compose) {
    if (options.dev)
      throw new AppError('invalid_argument', '--dev reloads the console of this checkout: not with --compose');
    const { upCompose } = await import('./compose/up-compose.ts');
    return upCompose({ json: options.json === true, timeoutSeconds: options.timeout });
  }
  const running = await findProcesses();
  if (running === null) {
    await assertNoContainers(homeFiles());
    return options.detach ? upDetached(options) : upForeground(options);
  }
  return options.detach ? awaitReady(running, options) : report(running, options, 'already running');
}

/** Runs the supervisor in this process until it is told to stop. */
async function upForeground(options: Options): Promise<number> {
  const progress = createProgress({ quiet: options.json === true });
  const signals = listenForSignals(progress.stopping);
  const supervisor = await supervise({
    fleet,
    home: homeFiles(),
    dev: options.dev === true,
    environment: process.env,
    onChange: progress.changed,
    onNotice: progress.notice,
  });
  if ('holder' in supervisor) {
    // Somebody else was faster by a moment: it becomes findable once it has written its files.
    await until(async () => (await findProcesses()) !== null, { timeoutMs: 10_000 });
    const other = await findProcesses();
    if (other === null) throw new AppError('conflict', `process ${supervisor.holder.pid} is starting or stopping here`);
    return report(other, options, 'already running');
  }
  signals.attach(supervisor);
  progress.begin(supervisor.statuses());
  const over = new AbortController();
  const announced = until(() => supervisor.state().ready, {
    timeoutMs: Infinity,
    everyMs: 50,
    signal: over.signal,
  }).then(
    () => {
      if (options.json) console.log(JSON.stringify(supervisor.state(), null, 2));
      progress.ready(supervisor.state(), supervisor.launch);
    },
    () => {},
  );
  await supervisor.stopped;
  over.abort();
  await announced;
  progress.ended();
  return 0;
}

/** Starts the supervisor as a process of its own. */
async function upDetached(options: Options): Promise<number> {
  const home = homeFiles();
  await ensureHome(home);
  const logFile = path.join(home.logs, 'supervisor.log');
  const log = await open(logFile, 'a', 0o600);
  const main = fileURLToPath(new URL('../supervisor/main.ts', import.meta.url));
  const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];
  const child = spawn(process.execPath, [...flags, main, ...(options.dev ? ['--dev'] : [])], {
    cwd: repository,
    env: { ...process.env, ORRERY_HOME: home.directory, NODE_COMPILE_CACHE: home.compileCache },
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  child.unref();
  const found = async () => (await findProcesses()) !== null;
  await until(async () => child.exitCode !== null || (await found()), { timeoutMs: 60_000 });
  // One that ended at once may have met another that was faster.
  await until(async () => (await found()) || (await lockHolder(home.lock)) === null, { timeoutMs: 30_000 });
  const running = await findProcesses();
  if (running === null) throw new AppError('internal', `the supervisor did not start. ${await lastWords(logFile)}`);
  return awaitReady(running, options);
}

/** Waits until everything is ready, or all but what cannot start. One that cannot start does not hide how the others fare. */
async function awaitReady(running: RunningProcesses, options: Options): Promise<number> {
  let statuses: ProcessStatus[] = [];
  const settled = await until(
    async () => {
      if ((await findProcesses())?.pid !== running.pid) {
        throw new AppError('unavailable', `the sandbox (pid ${running.pid}) was stopped while it started`);
      }
      const state = await currentState(running);
      statuses = ProcessStatusSchema.array().parse(await callControl(running, '/v1/processes'));
      return state.ready || nothingMoreToCome(statuses);
    },
    { timeoutMs: options.timeout * 1_000, everyMs: 50 },
  );
  const broken = statuses.filter((status) => isBroken(status) || (!settled && status.readyAt === null));
  if (broken.length === 0) return report(running, options, 'running');
  for (const status of broken) {
    const why = status.reason ?? (status.waitingFor.length > 0 ? `for ${status.waitingFor.join(', ')}` : '');
    console.error(`${status.name}: ${status.state} ${why}`.trimEnd());
  }
  console.error('The rest is running; `npm run orrery -- down` ends it.');
  return 1;
}

async function lastWords(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).trim().split('\n');
  return `Last lines of ${file}:\n${lines.slice(-10).join('\n')}`;
}

/** True when each process is ready or broken, or can only wait: something failed for good, and the rest depends on it. */
function nothingMoreToCome(statuses: readonly ProcessStatus[]): boolean {
  const failed = statuses.some(({ state }) => state === 'failed');
  const waits = ({ state }: ProcessStatus) => failed && (state === 'waiting' || state === 'degraded');
  return statuses.every((status) => status.readyAt !== null || isBroken(status) || waits(status));
}

function isBroken({ state }: ProcessStatus): boolean {
  return state === 'failed' || state === 'crash-loop';
}

async function report(running: RunningProcesses, options: Options, word: string): Promise<number> {
  const state = await currentState(running);
  if (options.json) console.log(JSON.stringify(state, null, 2));
  else console.log(`Orrery is ${word} (pid ${running.pid}).\nConsole  ${running.launch.consoleLaunch}`);
  return 0;
}
