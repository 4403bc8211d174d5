import { expect } from 'vitest';
import { FinalAudit } from '#contracts/sandbox/audit.ts';
import type { Fleet } from './fleet.ts';

/**
 * What the auditor, who trusts nobody, finds when the fleet has come to rest: nothing invalid, and the ids that are
 * valid. A process that is killed takes its last spans with it, so traces may have gaps; nothing else may.
 */
export async function finalAudit(fleet: Fleet): Promise<string[]> {
  const { stdout, stderr } = await fleet.orrery(['audit', '--final', '--json']);
  if (stdout === '') throw new Error(`no audit: ${stderr}`);
  const { verdicts } = FinalAudit.parse(JSON.parse(stdout));
  const judged = (verdicts ?? []).filter(({ kind }) => kind !== 'observability');
  const invalid = judged.filter(({ state }) => state === 'invalid');
  expect(invalid.map(({ id, counterexample }) => `${id}: ${counterexample?.problem}`)).toEqual([]);
  return judged.filter(({ state }) => state === 'valid').map(({ id }) => id);
}
