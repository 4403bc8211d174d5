import { expect, test } from 'vitest';
import { invariantsText, isJudged } from './judged.ts';

test('what nobody judges is said to have no verdict', () => {
  expect(isJudged('S6')).toBe(true);
  expect(isJudged('R2')).toBe(false);
  expect(invariantsText(['S6', 'R2'])).toBe('S6, R2 (has no verdict)');
});
