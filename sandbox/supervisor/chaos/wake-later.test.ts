import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { send } from '../terminate.ts';
import { until } from '../until.ts';
import { wakeLater } from './wake-later.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) if (child.pid !== undefined) send(-child.pid, 'SIGKILL');
});

/** A shell with a child, in a group of its own. */
async function family(): Promise<number[]> {
  const child = spawn('/bin/sh', ['-c', 'sleep 600 & echo $!; wait'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  const [chunk] = (await once(child.stdout as Readable, 'data')) as [Buffer];
  return [child.pid as number, Number(chunk.toString())];
}

const state = (pid: number) => execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim()[0];
const stop = (pids: readonly number[]) => {
  for (const pid of pids) send(pid, 'SIGSTOP');
  return until(() => pids.every((pid) => state(pid) === 'T'), { timeoutMs: 20_000 });
};
const awake = (pids: readonly number[]) =>
  until(() => pids.every((pid) => state(pid) === 'S'), { timeoutMs: 20_000, everyMs: 20 });

test('whoever is stopped is woken when the time is over, with all below it, also when the one who stopped it was killed', async () => {
  const pids = await family();
  const wakeLaterFile = JSON.stringify(fileURLToPath(new URL('./wake-later.ts', import.meta.url)));
  const script = `
    const { wakeLater } = await import(${wakeLaterFile});
    await wakeLater(${pids[0]}, 1_000);
    for (const pid of ${JSON.stringify(pids)}) process.kill(pid, 'SIGSTOP');
    process.kill(process.pid, 'SIGKILL');
  `;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  const [, signal] = await once(owner, 'exit');
  expect(signal).toBe('SIGKILL');
  expect(await awake(pids)).toBe(true);
});

test('it is woken at once on demand', async () => {
  const pids = await family();
  const waker = await wakeLater(pids[0] as number, 600_000);
  expect(await stop(pids)).toBe(true);
  waker.wake();
  expect(await awake(pids)).toBe(true);
});

test('nothing is stopped that is gone', async () => {
  const [pid] = await family();
  const gone = once(children[0] as ChildProcess, 'exit');
  send(-(pid as number), 'SIGKILL');
  await gone;
  await expect(wakeLater(pid as number, 1_000)).rejects.toMatchObject({ code: 'conflict' });
});
