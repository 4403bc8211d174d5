import { invariantIds } from '#contracts/sandbox/invariant-ids.ts';

/** Whether the auditor judges it, so that a verdict can be shown; the budgets (R1 to R6) have no verdict. */
export function isJudged(id: string): boolean {
  return (invariantIds as readonly string[]).includes(id);
}

/** Invariants by name, with a word about those that nobody judges: `S6, L8, R2 (has no verdict)`. */
export function invariantsText(ids: readonly string[]): string {
  return ids.map((id) => (isJudged(id) ? id : `${id} (has no verdict)`)).join(', ');
}
