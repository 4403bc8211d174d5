import { AppError, isAppError } from '#contracts/errors.ts';
import type { FinalAudit } from '#contracts/sandbox/audit.ts';
import { messageOf, type RunContext } from './context.ts';
import { leftBy, lessDamage } from './damage.ts';

const finalAuditMs = 120_000;
const mostWaitMs = 240_000;
const worstShown = 5;

/** The strict audit of a run, and its worst orders. An audit that could not be made is a note, never a verdict. */
export async function auditRun({ world, record, pauses, damage, comparison }: RunContext): Promise<void> {
  record.enter('audit', 'strict audit');
  try {
    const final = await finalAudit({ world, pauses }, { always: true });
    const given = final.phases.filter(({ state }) => state === 'given-up');
    const sinceMs = Date.parse(record.run.startedAt);
    record.change({
      verdicts: final.verdicts === null ? null : lessDamage(final.verdicts, damage, sinceMs),
      ...(comparison?.part === 'without' && final.verdicts !== null ? { left: leftBy(final.verdicts) } : {}),
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

/**
 * What runs that were cut short without their pattern have left broken, counted now that nothing moves. Throws
 * `conflict` when the auditor does not say, or the experiment is stopped meanwhile.
 */
export async function takeStock(context: Pick<RunContext, 'world' | 'pauses'>) {
  const final = await finalAudit(context, {});
  if (context.pauses.halt !== null) throw new AppError('conflict', context.pauses.halt.reason);
  if (final.state === 'done' && final.verdicts !== null) return leftBy(final.verdicts);
  throw new AppError('conflict', `the final audit did not end: ${final.problem ?? 'it still runs'}`);
}

async function finalAudit(
  { world, pauses }: Pick<RunContext, 'world' | 'pauses'>,
  options: { always?: boolean },
): Promise<FinalAudit> {
  await pauses.until(() => world.startFinal(finalAuditMs).then(Boolean, isNotConflict), mostWaitMs, options);
  await pauses.until(async () => (await world.final()).state !== 'running', mostWaitMs, options);
  return world.final();
}

/** Another audit is under way: ours comes after it. */
function isNotConflict(error: unknown): boolean {
  if (isAppError(error, 'conflict')) return false;
  throw error;
}
