/** The real broker for tests, as a child process: it can be killed and comes back on the same port with its data. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './paths.ts';
import { freePort } from './postgres.ts';
import { until } from './until.ts';

export type TestBroker = {
  /** `host:port`. */
  address: string;
  /** `kill -9`, as a crash. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

export async function startBroker(): Promise<TestBroker> {
  const directory = await mkdtemp(path.join(tmpdir(), 'orrery-test-broker-'));
  const port = await freePort();
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    child = spawn(process.execPath, [path.join(root, 'sandbox/broker/main.ts')], {
      stdio: ['ignore', process.env.BROKER_LOG === undefined ? 'ignore' : 'inherit', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '', PORT: String(port), DATA_DIR: directory, LOG_LEVEL: 'warn' },
    });
    await until('broker listens', () => canConnect(port), { withinMs: 15_000 });
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const exited = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await exited;
  }

  await start();
  return {
    address: `127.0.0.1:${port}`,
    kill: () => end('SIGKILL'),
    start,
    async stop() {
      await end('SIGTERM');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function canConnect(port: number): Promise<true | null> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(null));
  });
}
