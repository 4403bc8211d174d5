import { expect, test } from 'vitest';
import { toleranceText } from '#contracts/sandbox/experiment-texts.ts';
import { isWithin } from './tolerance.ts';

test.each([
  ['running', 'running', true],
  ['degraded', 'running', false],
  [0, 0, true],
  [5, [5, null], true],
  [4, [5, null], false],
  [6, [null, 5], false],
  [3, [1, 5], true],
  [null, [null, null], false],
  ['5', [1, 9], false],
] as const)('%j is within %j: %j', (figure, tolerance, expected) => {
  expect(isWithin(figure, Array.isArray(tolerance) ? [tolerance[0], tolerance[1]] : (tolerance as string))).toBe(
    expected,
  );
});

test('a tolerance is said in words', () => {
  expect([[1, null], [null, 5], [1, 5], 'open'].map((one) => toleranceText(one as never))).toEqual([
    'at least 1',
    'at most 5',
    '1 to 5',
    'open',
  ]);
});
