import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import type { Processes } from '../processes.ts';
import { createFreezer } from './freezer.ts';

test('a process that was started anew meanwhile is not frozen, since its waker would wake another', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  try {
    const acts: string[] = [];
    const pids = [child.pid, (child.pid ?? 0) + 1];
    const runner = {
      find: () => ({ status: () => ({ pid: pids.shift(), state: 'running' }) }),
      act: (_: string, action: string) => acts.push(action),
    } as unknown as Processes;
    await expect(createFreezer(runner).freeze('orders', 60_000)).rejects.toMatchObject({ code: 'conflict' });
    expect(acts).toEqual([]);
  } finally {
    child.kill('SIGKILL');
  }
});
