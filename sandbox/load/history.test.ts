import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { HistoryLine } from '#contracts/sandbox/load.ts';
import { openHistory } from './history.ts';

const directory = await mkdtemp(path.join(tmpdir(), 'orrery-history-'));
afterAll(() => rm(directory, { recursive: true }));

const line: HistoryLine = {
  run: 'r',
  n: 0,
  op: 'place',
  idempotencyKey: 'load-r-0',
  type: 'fail',
  at: '2026-01-01T00:00:00.000Z',
  orderId: null,
  httpStatus: 429,
  latencyMs: 1,
  error: 'rate_limited',
};
const ignore = () => {};

test('lines are on disk soon, without the end of the run', async () => {
  const file = path.join(directory, 'below', 'soon.jsonl');
  const history = await openHistory(file, ignore);
  history.write(line);
  await vi.waitFor(async () => expect(await readFile(file, 'utf8')).toContain('rate_limited'));
  history.write({ ...line, n: 1 });
  await history.close();
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  expect(lines.map((text) => HistoryLine.parse(JSON.parse(text)).n)).toEqual([0, 1]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('two runs never share a file', async () => {
  const file = path.join(directory, 'twice.jsonl');
  await (await openHistory(file, ignore)).close();
  await expect(openHistory(file, ignore)).rejects.toThrow(`${file} exists`);
});

test('a place that cannot be written to is named', async () => {
  const file = path.join(directory, 'twice.jsonl', 'below-a-file.jsonl');
  await expect(openHistory(file, ignore)).rejects.toThrow(file);
});
