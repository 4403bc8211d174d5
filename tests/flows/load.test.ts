import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Order, terminalStatuses } from '#contracts/http/orders.ts';
import { HistoryLine, LoadRun } from '#contracts/sandbox/load.ts';
import { onFleet } from './fixture.ts';

const { fleet, shop } = await onFleet();
const directory = mkdtempSync(join(tmpdir(), 'orrery-load-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('load leaves a complete client history, and every order that was acknowledged ends', async () => {
  const file = join(directory, 'history.jsonl');
  const mix = 'happy=60,declined=20,outOfStock=10,cancelled=10';
  const args = ['load', '--rate', '20', '--count', '100', '--seed', '7', '--mix', mix, '--history', file, '--json'];
  const { code, stdout, stderr } = await fleet.orrery(args);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const run = LoadRun.parse(JSON.parse(stdout));
  expect(run).toMatchObject({ phase: 'finished', due: 100, open: 0, lostCount: 0 });
  expect(run.ok + run.fail + run.info).toBe(100);
  expect(run.confirmed + run.cancelled).toBe(run.ok);
  expect(run.saga.count).toBe(run.ok);

  const lines = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => HistoryLine.parse(JSON.parse(line)));
  const operations = Map.groupBy(lines, ({ n, op }) => `${op} ${n}`);
  for (const [operation, [invoke, ...completions]] of operations) {
    expect([operation, invoke?.type]).toEqual([operation, 'invoke']);
    expect([operation, completions.length]).toEqual([operation, 1]);
  }
  expect([...operations.keys()].filter((operation) => operation.startsWith('place'))).toHaveLength(100);

  const kinds = new Map(lines.flatMap((line) => ('kind' in line ? [[line.n, line.kind] as const] : [])));
  const cancelled = new Set(lines.flatMap(({ op, type, n }) => (op === 'cancel' && type === 'ok' ? [n] : [])));
  const accepted = lines.flatMap((line) => (line.op === 'place' && line.type === 'ok' ? [line] : []));
  expect(accepted).toHaveLength(run.ok);
  for (const { n, orderId } of accepted) {
    const { body } = await shop.request('GET', `/orders/${orderId}`);
    const { status, cancelReason } = body as unknown as Order;
    expect(terminalStatuses).toContain(status);
    if (cancelled.has(n)) expect([n, status]).toEqual([n, 'cancelled']);
    if (kinds.get(n) === 'declined') expect([n, status, cancelReason]).toEqual([n, 'cancelled', 'payment_failed']);
    if (kinds.get(n) === 'outOfStock') expect([n, status, cancelReason]).toEqual([n, 'cancelled', 'out_of_stock']);
  }
  expect([...kinds.values()].filter((kind) => kind === 'declined').length).toBeGreaterThan(15);
});
