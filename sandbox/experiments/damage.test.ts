import { expect, test } from 'vitest';
import type { Verdict } from '#contracts/sandbox/audit.ts';
import { damageOf, leftBy, lessDamage } from './damage.ts';
import { verdict } from './testing/world.ts';

const broken = (violations: number, foundAt = '2026-01-01T00:00:00.000Z'): Verdict =>
  verdict('S3', {
    state: 'invalid',
    violations,
    counterexample: { subject: 'x', orderId: null, traceId: null, problem: 'twice', foundAt, timeline: [] },
  });
const sinceMs = Date.parse('2026-01-01T01:00:00.000Z');

test('what an earlier lesson has left broken is no verdict on a later run', () => {
  const damage = damageOf([
    { left: null },
    { left: [] },
    { left: leftBy([broken(2), verdict('L1')]) },
    { left: leftBy([broken(1)]) },
  ]);
  expect([...damage]).toEqual([['S3', 2]]);
  const [after] = lessDamage([broken(2)], damage, sinceMs);
  expect(after).toMatchObject({ state: 'valid', violations: 0, counterexample: null });
  expect(after?.why).toContain('2 found, all left by an earlier run');
});

test('what is added to it is, and an old counterexample is not passed off as new', () => {
  const damage = damageOf([{ left: leftBy([broken(2)]) }]);
  expect(lessDamage([broken(3)], damage, sinceMs)).toMatchObject([
    { state: 'invalid', violations: 1, counterexample: null },
  ]);
  const [fresh] = lessDamage([broken(3, '2026-01-01T02:00:00.000Z')], damage, sinceMs);
  expect(fresh?.counterexample).not.toBeNull();
});

test('without damage every verdict is as the auditor gave it', () => {
  const verdicts = [broken(1), verdict('L1', { state: 'unknown' })];
  expect(lessDamage(verdicts, damageOf([]), sinceMs)).toEqual(verdicts);
});
