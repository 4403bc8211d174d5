import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '#tests/support/paths.ts';
import { until } from '#tests/support/until.ts';

let directory: string;

beforeAll(async () => {
  // Below the repository, so that `#kit/…` resolves.
  directory = await mkdtemp(path.join(root, 'services/kit/testing/.run-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

type Run = {
  child: ChildProcess;
  lines: Record<string, unknown>[];
  errors: () => string;
  exited: Promise<number | null>;
};

/** Runs a service whose `start` has this body, as a process of its own. */
async function run(body: string, env: Record<string, string> = {}): Promise<Run> {
  const entry = path.join(directory, `${Math.random().toString(36).slice(2)}.ts`);
  await writeFile(
    entry,
    `import { runService } from '#kit/service.ts';
     import { createHttpServer } from '#kit/http/server.ts';
     import { url } from '#kit/env.ts';
     await runService({ name: 'probe', env: { UPSTREAM_URL: url }, start: async (service) => { ${body} } });`,
  );
  const child = spawn(process.execPath, [entry], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      UPSTREAM_URL: 'http://127.0.0.1:1',
      ...env,
    } as unknown as NodeJS.ProcessEnv,
  });
  const lines: Record<string, unknown>[] = [];
  let rest = '';
  let errors = '';
  child.stdout?.on('data', (chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) lines.push(JSON.parse(part));
  });
  child.stderr?.on('data', (chunk) => {
    errors += chunk;
  });
  // Not `close`: it does not come after the channel was disconnected from this side.
  const drained = new Promise((resolve) => child.stdout?.once('close', resolve));
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => drained.then(() => resolve(code))),
  );
  return { child, lines, errors: () => errors, exited };
}

const logged = (running: Run, message: string) =>
  until(message, () => running.lines.find((line) => line.message === message) ?? null);

const serving = `
  service.shutdown.add('first', () => service.log.info('first closed'));
  service.shutdown.add('second', () => { service.log.info('second closed'); throw new Error('x'); });
  const http = createHttpServer(service);
  await http.listen();`;

test('SIGTERM drains in reverse order and exits 0, also when a step fails', async () => {
  const running = await run(serving);
  await logged(running, 'started');
  running.child.kill('SIGTERM');
  expect(await running.exited).toBe(0);
  const messages = running.lines.map((line) => line.message);
  expect(messages.indexOf('second closed')).toBeLessThan(messages.indexOf('first closed'));
  expect(messages.at(-1)).toBe('stopped');
});

test('a service whose supervisor is gone stops by itself', async () => {
  const running = await run(serving);
  await logged(running, 'started');
  running.child.disconnect();
  expect(await running.exited).toBe(0);
  expect(running.lines.find((line) => line.message === 'stopping')).toMatchObject({ reason: 'supervisor is gone' });
});

test('a request in flight is finished before the process ends', async () => {
  const running = await run(
    `${serving}
    http.app.get('/slow', async () => { service.log.info('in flight'); await new Promise((r) => setTimeout(r, 300)); return { done: true }; });`.replace(
      /(await http\.listen\(\);)([\s\S]*)/,
      '$2 $1',
    ),
  );
  const { port } = (await logged(running, 'listening')) as { port: number };
  const answer = fetch(`http://127.0.0.1:${port}/slow`);
  await logged(running, 'in flight');
  running.child.kill('SIGTERM');
  expect(await (await answer).json()).toEqual({ done: true });
  expect(await running.exited).toBe(0);
});

test('a missing variable ends the start with its name on stderr', async () => {
  const running = await run(serving, { UPSTREAM_URL: '' });
  expect(await running.exited).toBe(1);
  expect(running.errors()).toMatch(/probe: .*UPSTREAM_URL/);
});

test('an unhandled error is logged as fatal with its stack, and exits 1', async () => {
  const running = await run(`${serving} setTimeout(() => { throw new TypeError('boom'); }, 10);`);
  expect(await running.exited).toBe(1);
  expect(running.lines.at(-1)).toMatchObject({
    level: 'fatal',
    error: { message: 'boom', stack: expect.stringContaining('boom') },
  });
});

test('what was logged is out even when the process is killed in the next line', async () => {
  const running = await run(`
    for (let i = 0; i < 20; i += 1) service.log.info({ i }, 'before');
    process.kill(process.pid, 'SIGKILL');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);`);
  await running.exited;
  expect(running.lines.filter((line) => line.message === 'before').map((line) => line.i)).toEqual([
    ...Array(20).keys(),
  ]);
});

test('a failed start closes what it had opened and exits 1', async () => {
  const running = await run(
    `service.shutdown.add('opened', () => service.log.info('opened closed')); throw new Error('no database');`,
  );
  expect(await running.exited).toBe(1);
  expect(running.lines.map((line) => line.message)).toEqual(expect.arrayContaining(['start failed', 'opened closed']));
});

test('after the start the self-check has proven http tracing', async () => {
  const running = await run(serving);
  expect(await logged(running, 'telemetry self-check passed')).toMatchObject({ instrumentations: ['http'] });
  running.child.kill('SIGTERM');
  await running.exited;
});
