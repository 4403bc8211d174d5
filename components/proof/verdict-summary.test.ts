import { expect, test } from 'vitest';
import { verdictSummary } from './verdict-summary.ts';

test('counts the verdicts by state and leaves out what there is none of', () => {
  expect(verdictSummary([{ state: 'unknown' }, { state: 'valid' }, { state: 'valid' }])).toBe('2 valid, 1 unknown');
  expect(verdictSummary([])).toBe('');
});
