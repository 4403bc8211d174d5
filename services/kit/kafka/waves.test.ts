import { expect, test } from 'vitest';
import type { Attempt } from './attempt.ts';
import type { PreparedHandler } from './handlers.ts';
import { inWaves } from './waves.ts';

function attempt(key: string, handler: Partial<PreparedHandler<never>> = {}): Attempt {
  return { delivery: { key, handler, event: {} } } as unknown as Attempt;
}
const keys = (waves: Attempt[][]) => waves.map((wave) => wave.map(({ delivery }) => delivery.key));
const reading = (...rows: string[]) => ({ rows: () => rows });

test('messages of different keys are one wave, those of one key follow each other', () => {
  expect(keys(inWaves(['a', 'b', 'a', 'c', 'a'].map((key) => attempt(key))))).toEqual([['a', 'b', 'c'], ['a'], ['a']]);
});

test('who decides by the same row goes after the one before, whatever their keys', () => {
  const waves = inWaves([
    attempt('a', reading('LAMP', 'DESK')),
    attempt('b', reading('DESK')),
    attempt('c', reading('SOFA')),
    attempt('d', reading('LAMP', 'SOFA')),
    attempt('a'),
  ]);
  expect(keys(waves)).toEqual([
    ['a', 'c'],
    ['b', 'd', 'a'],
  ]);
});

test('handlers that take many at once are all in the first wave', () => {
  const applyAll = async () => {};
  expect(keys(inWaves([attempt('a', { applyAll }), attempt('a', { applyAll }), attempt('b')]))).toEqual([
    ['a', 'a', 'b'],
  ]);
});
