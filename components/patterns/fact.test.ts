import { expect, test } from 'vitest';
import { factLabel, isNumeric, shownFact } from './fact.ts';

test.each([
  ['retryInMs', 'Retry in'],
  ['opened', 'Opened'],
  ['failureRatio', 'Failure ratio'],
  ['oldestAgeSeconds', 'Oldest age'],
])('%s is headed %s', (name, label) => expect(factLabel(name)).toBe(label));

test.each([
  ['retryInMs', 1_500, { kind: 'quantity', of: { value: '1.50', unit: 's' } }],
  ['retryInMs', 0, { kind: 'quantity', of: { value: '0', unit: 'ms' } }],
  ['oldestAgeSeconds', 90, { kind: 'quantity', of: { value: '1 m 30', unit: 's' } }],
  ['failureRatio', 0.5, { kind: 'quantity', of: { value: '50.0', unit: '%' } }],
  ['queueBytes', 2048, { kind: 'quantity', of: { value: '2.0', unit: 'KiB' } }],
  ['balance', 9.5, { kind: 'text', text: '9.5' }],
  ['rejected', 1234, { kind: 'text', text: '1\u2009234' }],
  ['draining', true, { kind: 'text', text: 'yes' }],
  ['state', 'half-open', { kind: 'text', text: 'half-open' }],
  ['lastAt', '2026-01-02T03:04:05.000Z', { kind: 'instant', atMs: Date.UTC(2026, 0, 2, 3, 4, 5) }],
  ['format', 'At', { kind: 'text', text: 'At' }],
  ['retryInMs', null, { kind: 'none' }],
  ['retryInMs', undefined, { kind: 'none' }],
])('%s %s is drawn with its unit', (name, fact, shown) => expect(shownFact(name, fact)).toEqual(shown));

test('a column of words is not numeric, one with gaps still is', () => {
  expect(isNumeric([1, null, undefined])).toBe(true);
  expect(isNumeric(['open', 1])).toBe(false);
});
