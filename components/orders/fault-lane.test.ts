import { expect, test } from 'vitest';
import { rowsOf } from './fault-lane.tsx';

test('faults that follow each other share a row, those that overlap do not', () => {
  const bands = [
    { fromMs: 0, toMs: 10 },
    { fromMs: 5, toMs: 20 },
    { fromMs: 10, toMs: 15 },
    { fromMs: 16, toMs: 18 },
    { fromMs: 17, toMs: 19 },
  ];
  expect(rowsOf(bands)).toEqual([0, 1, 0, 0, 2]);
});
