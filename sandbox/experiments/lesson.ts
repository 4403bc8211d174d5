import { AppError } from '#contracts/errors.ts';
import type { ServicePatterns } from '#contracts/sandbox/control-channel.ts';
import type { Experiment, PatternRef } from '#contracts/sandbox/experiment-file.ts';
import type { Comparison } from '#contracts/sandbox/experiments.ts';
import { invariantIds } from '#contracts/sandbox/invariant-ids.ts';

/**
 * What is to break without the pattern: what the file says, else what the service itself names. Pure. Throws
 * `unprocessable` for a service or pattern that is not there or has no switch, `conflict` while it does not answer.
 */
export function lessonOf(
  { lessons }: Pick<Experiment, 'lessons'>,
  { service, pattern }: PatternRef,
  all: readonly ServicePatterns[],
): Pick<Comparison, 'breaks' | 'teaches'> {
  const found = all.find((one) => one.service === service);
  if (found === undefined) {
    const names = all.map((one) => one.service).join(', ');
    throw new AppError('unprocessable', `there is no service "${service}" with patterns; there are ${names}`);
  }
  if (found.patterns === null) throw new AppError('conflict', `${service} does not answer: ${found.reason}`);
  const status = found.patterns.find((one) => one.pattern === pattern);
  if (status === undefined || !status.switchable) {
    const names = found.patterns.filter(({ switchable }) => switchable).map((one) => one.pattern);
    throw new AppError(
      'unprocessable',
      `${service} has no pattern "${pattern}" that can be switched off; it has ${names.join(', ') || 'none'}`,
    );
  }
  if (!status.enabled) throw new AppError('conflict', `${pattern} is off in ${service} already: switch it on first`);
  const lesson = lessons.find(({ without }) => without.service === service && without.pattern === pattern);
  if (lesson !== undefined) return { breaks: lesson.breaks, teaches: lesson.teaches };
  return { breaks: invariantIds.filter((id) => status.threatens.includes(id)), teaches: null };
}
