/** Starts the console: built when its sources have changed, or with reload (`--dev`). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '#contracts/errors.ts';
import { processEnv } from '../../process-env.ts';
import { createLineSplitter } from '../capture/line-splitter.ts';
import type { Launcher, Told } from '../launcher.ts';
import { lockHolder, takeLock } from '../lock.ts';
import { until } from '../until.ts';
import { buildFolder, hashInputs, isBuilt, stampBuild } from './console-build.ts';

export type ConsoleOptions = {
  directory: string;
  port: number;
  dev: boolean;
  environment(instance: string): Record<string, string>;
  probe(signal: AbortSignal): Promise<void>;
};

const exitWithParent = fileURLToPath(new URL('./exit-with-parent.ts', import.meta.url));

export function consoleLauncher(options: ConsoleOptions): Launcher {
  const next = path.join(options.directory, 'node_modules/next/dist/bin/next');
  return {
    async prepare(instance, told, signal) {
      const env = {
        ...options.environment(instance),
        NEXT_TELEMETRY_DISABLED: '1',
        NODE_ENV: options.dev ? 'development' : 'production',
      };
      if (!options.dev) await ensureBuild(options.directory, next, env, told, signal);
      return {
        command: process.execPath,
        args: [
          '--import',
          exitWithParent,
          next,
          options.dev ? 'dev' : 'start',
          '-H',
          '127.0.0.1',
          '-p',
          String(options.port),
        ],
        cwd: options.directory,
        env,
        ipc: true,
        stopSignal: 'SIGTERM',
      };
    },
    probe: options.probe,
  };
}

async function ensureBuild(
  directory: string,
  next: string,
  env: Record<string, string>,
  told: Told,
  signal: AbortSignal,
): Promise<void> {
  const hash = await hashInputs(directory);
  if (await isBuilt(directory, hash)) return;
  const lock = path.join(directory, `${buildFolder()}.lock`);
  for (;;) {
    const taken = await takeLock(lock);
    if ('holder' in taken) {
      told.doing(`another sandbox (pid ${taken.holder.pid}) is building the console: waiting for it`);
      await until(async () => (await lockHolder(lock)) === null, { timeoutMs: 300_000, everyMs: 200, signal });
      continue;
    }
    try {
      if (await isBuilt(directory, hash)) return;
      told.doing('building the console, because its sources have changed: this takes about half a minute');
      const startedAt = performance.now();
      await build(directory, next, env, told, signal);
      await stampBuild(directory, hash);
      told.doing(`the console is built (${Math.round((performance.now() - startedAt) / 1000)} s)`);
      return;
    } finally {
      await taken.release();
    }
  }
}

async function build(
  directory: string,
  next: string,
  env: Record<string, string>,
  told: Told,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn(process.execPath, [next, 'build'], {
    cwd: directory,
    env: processEnv(env),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // The fleet boots meanwhile, and people wait for it first.
  if (child.pid !== undefined) setPriority(child.pid, 10);
  const end = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL');
  signal.addEventListener('abort', end, { once: true });
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    const splitter = createLineSplitter((line) => {
      last.push(line);
      if (last.length > 15) last.shift();
      told.line(line);
    });
    stream.on('data', (chunk: Buffer) => splitter.write(chunk));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  signal.removeEventListener('abort', end);
  signal.throwIfAborted();
  if (code !== 0) throw new AppError('internal', `the console could not be built. Last lines:\n${last.join('\n')}`);
}
