import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { SandboxState } from '#contracts/sandbox/control.ts';
import { homeFiles } from './home.ts';
import { isAlive, startMark } from './process-table.ts';
import { readState } from './state.ts';
import { type Modes, type Running, runFixtures } from './testing/fixture-fleet.ts';
import { until } from './until.ts';

const running: Running[] = [];

async function start(modes: Modes, options?: Parameters<typeof runFixtures>[1]): Promise<Running> {
  const made = await runFixtures(modes, options);
  running.push(made);
  return made;
}

afterEach(async () => {
  for (const made of running.splice(0)) await made.end();
});

const isRunning = (status: { state: string }) => status.state === 'running';

test('starts in dependency order and is ready when all have answered', async () => {
  const made = await start({ postgres: 'slow', broker: '', orders: '', gateway: '' });
  const waiting = await made.becomes('orders', (status) => status.state === 'waiting');
  expect(waiting.waitingFor).toContain('postgres');
  await made.becomes('gateway', isRunning);
  expect(made.status('postgres').state).toBe('starting');
  await made.becomes('orders', isRunning);
  expect(Date.parse(made.status('orders').startedAt ?? '')).toBeGreaterThanOrEqual(
    Date.parse(made.status('postgres').readyAt ?? ''),
  );
  expect(await until(async () => (await readState(made.home))?.ready === true, { timeoutMs: 2_000 })).toBe(true);
  expect(SandboxState.parse(made.supervisor.state()).processes.orders?.pid).toBe(made.status('orders').pid);
});

test('a crash is restarted on the same port, a crash loop is shown with the last words', async () => {
  const made = await start({ telemetry: '', gateway: 'crash' });
  const first = await made.becomes('telemetry', isRunning);
  process.kill(first.pid ?? 0, 'SIGKILL');
  const again = await made.becomes('telemetry', (status) => isRunning(status) && status.pid !== first.pid);
  expect(again).toMatchObject({ restarts: 1, ports: first.ports, lastExit: { signal: 'SIGKILL', expected: false } });
  const looping = await made.becomes('gateway', (status) => status.state === 'crash-loop');
  expect(looping.reason).toContain('exited with code 3');
  expect(looping.reason).toContain('the flux is not charged');
  expect(looping.nextStartAt).not.toBeNull();
  expect(made.supervisor.state().ready).toBe(false);
});

test('exit with code 0 is a crash when nobody asked for it', async () => {
  const made = await start({ telemetry: '' });
  const { ports } = await made.becomes('telemetry', isRunning);
  await fetch(`http://127.0.0.1:${ports.http}/exit`).catch(() => {});
  const status = await made.becomes('telemetry', (now) => now.restarts === 1 && isRunning(now));
  expect(status.lastExit).toMatchObject({ code: 0, expected: false });
});

test('what does not hear SIGTERM is killed at the deadline, grandchildren included', async () => {
  const made = await start({ telemetry: 'stubborn+grandchild' }, { graceMs: 200 });
  const { pid } = await made.becomes('telemetry', isRunning);
  const log = () => readFile(path.join(made.home.logs, 'telemetry.log'), 'utf8').catch(() => '');
  await until(async () => (await log()).includes('"grandchild"'), { timeoutMs: 5_000 });
  const grandchild = Number(/"message":"grandchild","pid":(\d+)/.exec(await log())?.[1]);
  expect(isAlive(grandchild)).toBe(true);
  await made.act('telemetry', 'stop');
  const stopped = await made.becomes('telemetry', (status) => status.state === 'stopped');
  expect(stopped.lastExit).toMatchObject({ signal: 'SIGKILL', expected: true });
  expect(isAlive(pid ?? 0)).toBe(false);
  expect(await until(async () => (await startMark(grandchild)) === null, { timeoutMs: 2_000 })).toBe(true);
});

test('pause freezes the process, resume thaws it, and a paused one can be stopped', async () => {
  const made = await start({ telemetry: '' });
  const { pid, ports } = await made.becomes('telemetry', isRunning);
  const answers = () =>
    fetch(`http://127.0.0.1:${ports.http}/`, { signal: AbortSignal.timeout(300) }).then(
      () => true,
      () => false,
    );
  expect((await made.act('telemetry', 'pause')).status).toBe(202);
  expect(await until(async () => !(await answers()), { timeoutMs: 5_000 })).toBe(true);
  expect(made.status('telemetry').state).toBe('paused');
  await made.act('telemetry', 'resume');
  expect(await until(answers, { timeoutMs: 5_000 })).toBe(true);
  await made.act('telemetry', 'pause');
  await made.act('telemetry', 'stop');
  await made.becomes('telemetry', (status) => status.state === 'stopped');
  expect(isAlive(pid ?? 0)).toBe(false);
});

test('an action that the state does not allow is a conflict, an unknown process is not found', async () => {
  const made = await start({ telemetry: '' });
  await made.becomes('telemetry', isRunning);
  expect((await made.act('telemetry', 'resume')).status).toBe(409);
  expect((await made.act('nobody', 'stop')).status).toBe(404);
  expect((await made.act('telemetry', 'explode')).status).toBe(404);
});

test('a taken port moves, the move is said, and everybody is told the new address', async () => {
  const stranger = createServer().listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const taken = (stranger.address() as AddressInfo).port;
  // Behind the supervisor itself comes the first process of the topology: postgres.
  const made = await start({ postgres: '' }, { portBase: taken - 1 });
  const { ports } = await made.becomes('postgres', isRunning);
  expect(ports.postgres).not.toBe(taken);
  expect(made.notices).toContain(`port ${taken} is taken: postgres uses ${ports.postgres}`);
  expect(made.supervisor.state().endpoints.postgres).toBe(`127.0.0.1:${ports.postgres}`);
  stranger.close();
});

test('two sandboxes that start at the same moment get different ports', async () => {
  const portBase = 20_000 + Math.floor(Math.random() * 40_000);
  const both = await Promise.all([start({ telemetry: '' }, { portBase }), start({ telemetry: '' }, { portBase })]);
  for (const made of both) await made.becomes('telemetry', isRunning);
  const ports = both.flatMap((made) =>
    Object.values(made.supervisor.state().endpoints).map((url) => url.split(':').pop()),
  );
  // otlpHttp and telemetry are one port by design.
  expect(new Set(ports).size).toBe(ports.length - both.length);
});

test('files of the state directory are ours alone, and stop removes what would mislead', async () => {
  const made = await start({ telemetry: '' });
  await made.becomes('telemetry', isRunning);
  const { stat } = await import('node:fs/promises');
  for (const file of [made.home.secrets, made.home.launch, made.home.state, made.home.pids]) {
    expect((await stat(file)).mode & 0o777, file).toBe(0o600);
  }
  await made.supervisor.stop();
  const left = await readdir(made.home.directory);
  expect(left.sort()).toEqual(['cache', 'logs', 'secrets.json']);
});

test('two at once: the second is told who the first is', async () => {
  const made = await start({ telemetry: '' });
  await expect(runFixtures({ telemetry: '' }, { home: made.home })).rejects.toThrow(`held by ${process.pid}`);
});

test('a lock of a dead process, or of a recycled pid, does not keep anybody out', async () => {
  const home = homeFiles(await mkdtemp(path.join(tmpdir(), 'orrery-supervisor-')));
  await writeFile(home.lock, JSON.stringify({ pid: process.pid, mark: 'somebody before us' }));
  const made = await start({ telemetry: '' }, { home });
  await made.becomes('telemetry', isRunning);
});

test('after kill -9 of the supervisor children end by themselves, and what does not is ended by the next start', async () => {
  const home = homeFiles(await mkdtemp(path.join(tmpdir(), 'orrery-supervisor-')));
  const main = fileURLToPath(new URL('./testing/main.ts', import.meta.url));
  const modes = { telemetry: '', gateway: 'deaf' };
  const killed = spawn(process.execPath, [main, home.directory, JSON.stringify(modes)], { stdio: 'ignore' });
  await until(async () => (await readState(home))?.ready === true, { timeoutMs: 15_000 });
  const before = await readState(home);
  const polite = before?.processes.telemetry?.pid ?? 0;
  const deaf = before?.processes.gateway?.pid ?? 0;
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  expect(await until(async () => (await startMark(polite)) === null, { timeoutMs: 5_000 })).toBe(true);
  expect(await startMark(deaf)).not.toBeNull();

  const made = await start(modes, { home });
  expect(made.notices.join()).toContain('ended what an earlier run left behind: gateway');
  expect(await startMark(deaf)).toBeNull();
  await made.becomes('gateway', isRunning);
});

test('a pid that belongs to another program since the crash is left alone', async () => {
  const home = homeFiles(await mkdtemp(path.join(tmpdir(), 'orrery-supervisor-')));
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(stranger, 'spawn');
  const entry = { name: 'gateway', pid: stranger.pid, mark: 'an older life of this pid', stopSignal: 'SIGTERM' };
  await writeFile(home.pids, JSON.stringify({ processes: [entry] }));
  await start({ telemetry: '' }, { home });
  expect(isAlive(stranger.pid ?? 0)).toBe(true);
  stranger.kill('SIGKILL');
});
