import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { AppError } from '#contracts/errors.ts';
import { type ProcessStatus, ProcessStatus as ProcessStatusSchema } from '#contracts/sandbox/control.ts';
import { ensureHome, homeFiles, repository } from '../supervisor/home.ts';
import { lockHolder } from '../supervisor/lock.ts';
import { supervise } from '../supervisor/supervise.ts';
import { until } from '../supervisor/until.ts';
import { fleet } from '../topology.ts';
import { callControl, currentState, findRunning, type Running } from './control-client.ts';
import { wholeNumber } from './options.ts';
import { createProgress } from './progress.ts';
import { endOnSignals } from './signals.ts';

type Options = { detach?: boolean; json?: boolean; dev?: boolean; timeout: number };

export function upCommand(): Command {
  return new Command('up')
    .description('start everything; a second `up` finds the first')
    .option('-d, --detach', 'return when everything is ready, and leave it running')
    .option('--dev', 'console with reload instead of a production build')
    .option('--json', 'print the state as JSON when everything is ready')
    .option('--timeout <seconds>', 'with --detach: how long to wait for readiness', wholeNumber(1, 3_600), 300)
    .action(async (options: Options) => {
      process.exitCode = await up(options);
    });
}

async function up(options: Options): Promise<number> {
  const running = await findRunning();
  if (running !== null) return report(running, options, 'already running');
  return options.detach ? upDetached(options) : upForeground(options);
}

/** Runs the supervisor in this process until it is told to stop. */
async function upForeground(options: Options): Promise<number> {
  const progress = createProgress({ quiet: options.json === true });
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
    await until(async () => (await findRunning()) !== null, { timeoutMs: 10_000 });
    const other = await findRunning();
    if (other === null) throw new AppError('conflict', `process ${supervisor.holder.pid} is starting or stopping here`);
    return report(other, options, 'already running');
  }
  endOnSignals(supervisor, progress);
  progress.begin(supervisor.statuses());
  void until(() => supervisor.state().ready, { timeoutMs: 3_600_000, everyMs: 100 }).then((ready) => {
    if (!ready) return;
    if (options.json) console.log(JSON.stringify(supervisor.state(), null, 2));
    progress.ready(supervisor.state(), supervisor.launch);
  });
  await supervisor.stopped;
  progress.ended();
  return 0;
}

/** Starts the supervisor as a process of its own and waits until everything is ready or something cannot start. */
async function upDetached(options: Options): Promise<number> {
  const home = homeFiles();
  await ensureHome(home);
  const logFile = path.join(home.logs, 'supervisor.log');
  await mkdir(home.logs, { recursive: true });
  const log = await open(logFile, 'a', 0o600);
  const main = fileURLToPath(new URL('../supervisor/main.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', main, ...(options.dev ? ['--dev'] : [])],
    {
      cwd: repository,
      env: { ...process.env, ORRERY_HOME: home.directory, NODE_COMPILE_CACHE: home.compileCache },
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    },
  );
  await log.close();
  child.unref();
  const begun = await until(async () => child.exitCode !== null || (await findRunning()) !== null, {
    timeoutMs: 60_000,
  });
  const running = await findRunning();
  if (!begun || running === null) {
    throw new AppError('internal', `the supervisor did not start: see ${logFile}`);
  }
  let statuses: ProcessStatus[] = [];
  const settled = await until(
    async () => {
      if (child.exitCode !== null || (await lockHolder(home.lock)) === null) return true;
      const state = await currentState(running);
      statuses = ProcessStatusSchema.array().parse(await callControl(running, '/v1/processes'));
      // One that cannot start does not hide how the others fare.
      return state.ready || statuses.every((status) => status.readyAt !== null || isBroken(status));
    },
    { timeoutMs: options.timeout * 1_000, everyMs: 50 },
  );
  if (child.exitCode !== null) throw new AppError('internal', `the supervisor has ended: see ${logFile}`);
  const bad = statuses.filter(isBroken);
  const late = settled ? [] : statuses.filter((status) => status.readyAt === null);
  for (const status of [...bad, ...late]) console.error(`${status.name}: ${status.state}. ${status.reason ?? ''}`);
  if (bad.length > 0 || late.length > 0) {
    console.error('The rest is running; `npm run orrery -- down` ends it.');
    return 1;
  }
  return report(running, options, 'running');
}

function isBroken({ state }: ProcessStatus): boolean {
  return state === 'failed' || state === 'crash-loop';
}

async function report(running: Running, options: Options, word: string): Promise<number> {
  const state = await currentState(running);
  if (options.json) console.log(JSON.stringify(state, null, 2));
  else console.log(`Orrery is ${word} (pid ${running.pid}).\nConsole  ${running.launch.consoleLaunch}`);
  return 0;
}
