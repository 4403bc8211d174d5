import { expect, test } from 'vitest';
import { invariants } from '../invariants/index.ts';
import { capture, orderId, sale } from '../testing/dossier.builder.ts';
import { createBoard } from './board.ts';
import { judgeFleet, judgeOrder } from './judge.ts';

const now = () => Date.parse('2026-11-22T12:00:00.000Z');
const options = { overdue: () => true, counted: false, nowMs: now() };
const verdictOf = (board: ReturnType<typeof createBoard>, id: string) => board.verdicts().find((one) => one.id === id);

test('without evidence a verdict is unknown, with it valid', () => {
  const board = createBoard(invariants, now);
  expect(new Set(board.verdicts().map(({ state }) => state))).toEqual(new Set(['unknown']));
  judgeOrder(board, invariants, sale(), options);
  expect(verdictOf(board, 'S3')).toMatchObject({
    state: 'valid',
    evidence: [
      { count: 1, of: 'orders' },
      { count: 1, of: 'provider movements' },
    ],
  });
  expect(verdictOf(board, 'L5')).toMatchObject({ state: 'unknown' });
});

test('a violation stands with its order and timeline until a later look finds it gone; evidence is counted once', () => {
  const board = createBoard(invariants, now);
  const twice = { ...sale(), movements: [capture('ch_1'), capture('ch_9')] };
  expect(judgeOrder(board, invariants, twice, options)).toEqual({ definite: true, broken: true });
  const found = verdictOf(board, 'S3');
  expect(found).toMatchObject({
    state: 'invalid',
    violations: 1,
    counterexample: { orderId, traceId: 'a'.repeat(32) },
  });
  expect(found?.counterexample?.timeline.filter(({ kind }) => kind === 'money')).toHaveLength(2);
  expect(judgeOrder(board, invariants, sale(), { ...options, counted: true })).toEqual({
    definite: true,
    broken: false,
  });
  expect(verdictOf(board, 'S3')).toMatchObject({ state: 'valid', violations: 0, counterexample: null });
  expect(verdictOf(board, 'S3')?.evidence[0]).toEqual({ count: 1, of: 'orders' });
});

test('a liveness problem within its deadline is no verdict yet, and no evidence', () => {
  const board = createBoard(invariants, now);
  const late = { ...sale(), invoices: [] };
  expect(judgeOrder(board, invariants, late, { ...options, overdue: () => false })).toEqual({
    definite: false,
    broken: false,
  });
  expect(verdictOf(board, 'L6')).toMatchObject({ state: 'unknown', violations: 0 });
  judgeOrder(board, invariants, late, options);
  expect(verdictOf(board, 'L6')).toMatchObject({ state: 'invalid' });
});

test('what cannot be read is unknown and says why', async () => {
  const board = createBoard(invariants, now);
  const s01 = invariants.find(({ id }) => id === 'S1');
  if (s01?.scope !== 'fleet') throw new Error('S1 looks at the whole');
  const failing = { ...s01, evaluate: () => Promise.reject(new Error('database inventory: gone')) };
  await judgeFleet(board, failing, { nowMs: now() } as never, async () => null);
  expect(verdictOf(board, 'S1')).toMatchObject({ state: 'unknown', why: 'database inventory: gone' });
});
