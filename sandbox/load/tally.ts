/** What is known of the orders of a run: counts, latencies, and which acknowledged orders are still open. */
import type { LoadRun } from '#contracts/sandbox/load.ts';
import type { Ended } from './ends.ts';
import { createLatencies } from './percentiles.ts';
import type { Placement } from './placement.ts';
import { createSeries } from './series.ts';

type Figures = Omit<
  LoadRun,
  | 'run'
  | 'plan'
  | 'phase'
  | 'startedAt'
  | 'endedAt'
  | 'ratePerSecond'
  | 'historyFile'
  | 'problem'
  | 'lost'
  | 'lostCount'
>;

export type Tally = {
  /** An order was due at `dueMs` and left at `sentMs`, both since the start of the run. */
  sent(dueMs: number, sentMs: number): void;
  answered(placement: Placement, dueMs: number, nowMs: number): void;
  /** The answer to a cancellation. */
  cancelAnswered(answer: Placement): void;
  ended(found: Ended): void;
  open(): ReadonlyMap<string, number>;
  figures(): Figures;
};

const mostErrors = 20;

/** `startedAtMs` is when the run started by the wall clock, to which the services' timestamps belong. */
export function createTally(startedAtMs: number): Tally {
  const counts = { due: 0, inFlight: 0, ok: 0, fail: 0, info: 0, confirmed: 0, cancelled: 0 };
  const cancellations = { ok: 0, fail: 0, info: 0 };
  const [accepted, saga, lateness] = [createLatencies(), createLatencies(), createLatencies()];
  const series = createSeries();
  const errors = new Map<string, number>();
  const open = new Map<string, number>();

  function fault(httpStatus: number | null, error: string): void {
    const text = httpStatus === null ? error : `${httpStatus} ${error}`;
    const key = errors.has(text) || errors.size < mostErrors ? text : 'others';
    errors.set(key, (errors.get(key) ?? 0) + 1);
  }

  return {
    sent(dueMs, sentMs) {
      counts.due += 1;
      counts.inFlight += 1;
      lateness.record(sentMs - dueMs);
      series.count('due', dueMs);
    },
    answered(placement, dueMs, nowMs) {
      counts.inFlight -= 1;
      counts[placement.type] += 1;
      series.count(placement.type, nowMs);
      if (placement.type === 'ok') open.set(placement.orderId, dueMs);
      else fault(placement.httpStatus, placement.error);
      // A refusal is quick and says nothing of how long orders take; a request without an answer has waited all along.
      if (placement.type === 'fail') return;
      accepted.record(nowMs - dueMs);
      series.accepted(nowMs - dueMs);
    },
    cancelAnswered(answer) {
      cancellations[answer.type] += 1;
      // Too late is no error: a customer may be.
      if (answer.type === 'info' || (answer.type === 'fail' && answer.httpStatus !== 409)) {
        fault(answer.httpStatus, `${answer.error} to a cancellation`);
      }
    },
    ended({ id, status, finishedAtMs }) {
      const dueMs = open.get(id);
      if (dueMs === undefined) return;
      open.delete(id);
      counts[status === 'confirmed' ? 'confirmed' : 'cancelled'] += 1;
      series.count('ended', finishedAtMs - startedAtMs);
      const sagaMs = finishedAtMs - startedAtMs - dueMs;
      saga.record(sagaMs);
      series.saga(sagaMs);
    },
    open: () => open,
    figures: () => ({
      ...counts,
      cancellations: { ...cancellations },
      open: open.size,
      accepted: accepted.summary(),
      saga: saga.summary(),
      lateness: lateness.summary(),
      samples: series.samples(),
      errors: Object.fromEntries(errors),
    }),
  };
}
