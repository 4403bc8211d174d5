import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { descendants, isAlive, parseStat, startMark } from './process-table.ts';
import { until } from './until.ts';
import { anonymousBytes, cpuSeconds, memoryBytes, parsePsTime } from './usage.ts';

test('a command with spaces and parentheses does not shift the fields', () => {
  const numbers = Array.from({ length: 30 }, (_, index) => String(index + 4)).join(' ');
  expect(parseStat(`42 (a ) b) S ${numbers}`)).toEqual({
    state: 'S',
    ppid: 4,
    cpuTicks: 14 + 15,
    reapedTicks: 16 + 17,
    startTicks: '22',
  });
  expect(parseStat('')).toBeNull();
});

test('one life of a pid has one mark, an ended process none', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  const mark = await startMark(pid);
  expect(mark).not.toBeNull();
  expect(await startMark(pid)).toBe(mark);
  expect(await startMark(process.pid)).not.toBe(mark);
  expect(await descendants(process.pid)).toContain(pid);
  expect(await memoryBytes(pid)).toBeGreaterThan(1_000_000);
  expect(await cpuSeconds(pid)).toBeGreaterThanOrEqual(0);
  child.kill('SIGKILL');
  expect(await until(async () => (await startMark(pid)) === null, { timeoutMs: 5_000 })).toBe(true);
  await until(() => !isAlive(pid), { timeoutMs: 5_000 });
  expect(await memoryBytes(pid)).toBeNull();
  expect(await cpuSeconds(pid)).toBeNull();
});

test.runIf(process.platform === 'linux')(
  'memory that a process takes shows in what is its own, and goes with it',
  async () => {
    const grow =
      'process.stdin.once("data", () => { globalThis.kept = Buffer.alloc(64 * 2 ** 20, 1); process.stdout.write("grown"); })';
    const child = spawn(process.execPath, ['-e', `${grow}; process.stdout.write("ready")`]);
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;
    const before = { own: (await anonymousBytes(pid)) ?? 0, all: (await memoryBytes(pid)) ?? 0 };
    child.stdin.write('grow');
    await once(child.stdout, 'data');
    const grownBy = ((await anonymousBytes(pid)) ?? 0) - before.own;
    expect(grownBy).toBeGreaterThanOrEqual(64 * 2 ** 20);
    expect(Math.abs(((await memoryBytes(pid)) ?? 0) - before.all - grownBy)).toBeLessThan(16 * 2 ** 20);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    expect(await anonymousBytes(pid)).toBeNull();
  },
);

test('reads the times that ps prints', () => {
  expect(parsePsTime('0:01.50')).toBe(1.5);
  expect(parsePsTime('1:02:03')).toBe(3_723);
  expect(parsePsTime('2-00:00:01')).toBe(172_801);
});
