import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { descendants, isAlive, parseStat, startMark } from './process-table.ts';
import { until } from './until.ts';
import { cpuSeconds, memoryBytes, parsePsTime } from './usage.ts';

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

test('reads the times that ps prints', () => {
  expect(parsePsTime('0:01.50')).toBe(1.5);
  expect(parsePsTime('1:02:03')).toBe(3_723);
  expect(parsePsTime('2-00:00:01')).toBe(172_801);
});
