/** How fast an error budget is spent, as the client sees it. Pure. */
import { durationMs } from '#contracts/sandbox/duration.ts';
import type { ErrorBudget } from '#contracts/sandbox/experiment-file.ts';
import type { LoadRun } from '#contracts/sandbox/load.ts';

export type Answers = Pick<LoadRun, 'ok' | 'fail' | 'info'>;

/** Counts of answers since the load began, at a moment. */
export type BurnPoint = { atMs: number } & Answers;

export type Burn = { rate: number; bad: number; answered: number };

/** With fewer answers than that one of them alone would decide. */
const leastAnswers = 10;

/** How many times faster than the objective allows its budget is spent; null without answers. */
export function burnRate({ ok, fail, info }: Answers, objective: number): number | null {
  const answered = ok + fail + info;
  return answered === 0 ? null : (fail + info) / answered / (1 - objective);
}

/** Over the window that ends with the last of `points`, oldest first; null while it holds too few answers to tell. */
export function burnOver(points: readonly BurnPoint[], { objective, window }: ErrorBudget): Burn | null {
  const last = points.at(-1);
  if (last === undefined) return null;
  const fromMs = last.atMs - durationMs(window);
  const first = points.findLast(({ atMs }) => atMs <= fromMs) ?? { ok: 0, fail: 0, info: 0 };
  const answers = { ok: last.ok - first.ok, fail: last.fail - first.fail, info: last.info - first.info };
  const answered = answers.ok + answers.fail + answers.info;
  const rate = burnRate(answers, objective);
  return rate === null || answered < leastAnswers ? null : { rate, bad: answers.fail + answers.info, answered };
}

/** Why the budget is exhausted; null while it is not. */
export function exhausted(burn: Burn | null, { objective, window, burn: most }: ErrorBudget): string | null {
  if (burn === null || burn.rate <= most) return null;
  const { rate, bad, answered } = burn;
  return (
    `the error budget is exhausted: ${bad} of ${answered} requests of the last ${window} had no good answer, ` +
    `${rate.toFixed(1)} times what ${+(objective * 100).toFixed(3)} % allows; ${most} times is the limit`
  );
}
