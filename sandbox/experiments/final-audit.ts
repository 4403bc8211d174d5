import type { AppError } from '#contracts/errors.ts';
import { messageOf, type RunContext } from './context.ts';
import { leftBy, lessDamage } from './damage.ts';

const finalAuditMs = 120_000;
const mostWaitMs = 240_000;
const worstShown = 5;

/** The strict audit of a run, and its worst orders. An audit that could not be made is a note, never a verdict. */
export async function auditRun({ world, record, pauses, damage, comparison }: RunContext): Promise<void> {
  record.enter('audit', 'strict audit');
  try {
    const always = { always: true };
    await pauses.until(() => world.startFinal(finalAuditMs).then(Boolean, isNotConflict), mostWaitMs, always);
    await pauses.until(async () => (await world.final()).state !== 'running', mostWaitMs, always);
    const final = await world.final();
    const given = final.phases.filter(({ state }) => state === 'given-up');
    const sinceMs = Date.parse(record.run.startedAt);
    record.change({
      verdicts: final.verdicts === null ? null : lessDamage(final.verdicts, damage, sinceMs),
      left: comparison?.part === 'without' ? leftBy(final.verdicts ?? []) : [],
      auditNotes: [
        ...given.map(({ name, detail }) => `the audit gave up to wait for "${name}": ${detail}`),
        ...(final.problem === null ? [] : [`the final audit failed: ${final.problem}`]),
      ],
    });
  } catch (error) {
    record.change({ auditNotes: [`the final audit could not be made: ${messageOf(error)}`] });
  }
  const { load } = record.run;
  if (load !== null) record.change({ worst: await world.worstOrders(load, worstShown).catch(() => []) });
}

/** Another audit is under way: ours comes after it. */
function isNotConflict(error: unknown): boolean {
  if ((error as AppError).code === 'conflict') return false;
  throw error;
}
