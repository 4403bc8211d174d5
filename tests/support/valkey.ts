/** A real Valkey or Redis for tests, where one is installed: on a port of its own, nothing on disk. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { freePort } from './postgres.ts';
import { until } from './until.ts';

/** The server that is installed, or null. */
export const valkeyProgram: string | null =
  ['valkey-server', 'redis-server'].find((name) => spawnSync(name, ['--version']).status === 0) ?? null;

export const withoutValkey = 'neither valkey-server nor redis-server is installed';

export type TestValkey = {
  url: string;
  port: number;
  /** From now on nothing is answered, though the connection stays. */
  pause(): void;
  resume(): void;
  /** Ends it at once; what it kept is gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
};

export async function startValkey(args: readonly string[] = []): Promise<TestValkey> {
  const port = await freePort();
  let server: ChildProcess | undefined;
  const valkey: TestValkey = {
    url: `redis://127.0.0.1:${port}`,
    port,
    pause: () => server?.kill('SIGSTOP'),
    resume: () => server?.kill('SIGCONT'),
    async kill() {
      const child = server;
      server = undefined;
      if (child === undefined || child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    async start() {
      const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...args];
      server = spawn(valkeyProgram ?? '', settings, { stdio: 'ignore', cwd: tmpdir() });
      await until('valkey answers', () => answersPing(port));
    },
  };
  await valkey.start();
  return valkey;
}

/** `+PONG`, or that a login is asked for: either way it is there. */
function answersPing(port: number): Promise<true | null> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(/^(\+PONG|-NO)/.test(answer.toString()) ? true : null);
    });
    socket.once('error', () => resolve(null));
  });
}
