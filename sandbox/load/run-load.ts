/** Runs a plan: a thin loop around the pure parts. Knows nothing of who started it. */
import { setMaxListeners } from 'node:events';
import type { LoadPlan, LoadRun } from '#contracts/sandbox/load.ts';
import { createArrivals } from './arrivals.ts';
import type { LoadClient } from './client.ts';
import { createEndFinder } from './ends.ts';
import type { History } from './history.ts';
import { plannedOrder } from './mix.ts';
import type { Placement } from './placement.ts';
import { createSleeper } from './sleeper.ts';
import { createTally } from './tally.ts';

export type LoadOptions = {
  run: string;
  plan: LoadPlan;
  client: LoadClient;
  history: Pick<History, 'write'>;
  historyFile: string;
  /** After the last answer, milliseconds until acknowledged orders that have not ended count as lost. */
  settleMs?: number;
  /** Told every half second and at every change of the phase. */
  onChange?(run: LoadRun): void;
};

export type LoadHandle = {
  current(): LoadRun;
  /** Orders per second from now on, within the limits of the contract. */
  changeRate(ratePerSecond: number): void;
  /** No more orders become due; those under way are waited for. */
  stop(): void;
  /** Ends at once. What has no answer yet is `info`, what has not ended stays open. */
  abandon(): void;
  /** The run has failed from outside, e.g. because its history cannot be written. Ends it at once. */
  fail(problem: string): void;
  /** Never rejects. */
  done: Promise<LoadRun>;
};

const tellEveryMs = 500;
/** How often the read model is asked while orders come, and once no more do. */
const lookEveryMs = { placing: 1_000, settling: 200 };
/** An open loop has no limit of its own; memory has one. What is due beyond it is a `fail`: certainly never sent. */
const mostInFlight = 4_096;

export function runLoad(options: LoadOptions): LoadHandle {
  const { run, plan, client, history, settleMs = 60_000 } = options;
  const startedAtMs = Date.now();
  const startMs = performance.now();
  const elapsedMs = () => performance.now() - startMs;
  const tally = createTally(startedAtMs);
  const arrivals = createArrivals(plan);
  const abort = new AbortController();
  // One per cancellation that is waited for; there may be many.
  setMaxListeners(0, abort.signal);
  const sleeper = createSleeper();
  const inFlight = new Set<Promise<void>>();
  let ratePerSecond = plan.ratePerSecond;
  let stopping = false;
  let phase: LoadRun['phase'] = 'placing';
  let endedAt: string | null = null;
  let problem: string | null = null;
  let lost: string[] = [];

  const current = (): LoadRun => ({
    run,
    plan,
    phase,
    startedAt: new Date(startedAtMs).toISOString(),
    endedAt,
    ratePerSecond,
    ...tally.figures(),
    lost: lost.slice(0, 100),
    lostCount: lost.length,
    historyFile: options.historyFile,
    problem,
  });
  const enter = (next: LoadRun['phase']) => {
    phase = next;
    options.onChange?.(current());
  };

  /** Time and latency of an answer to what was due at `dueMs`. */
  const stamp = (dueMs: number) => ({
    at: new Date().toISOString(),
    latencyMs: Math.round((elapsedMs() - dueMs) * 1_000) / 1_000,
  });
  const wallClock = (ms: number) => new Date(startedAtMs + ms).toISOString();

  async function place(n: number, dueMs: number): Promise<void> {
    const planned = plannedOrder(plan, n);
    const operation = { run, n, op: 'place', idempotencyKey: `load-${run}-${n}` } as const;
    const { customerId, items, payment, sagaStyle } = planned.order;
    history.write({
      ...operation,
      type: 'invoke',
      at: new Date().toISOString(),
      orderId: null,
      dueAt: wallClock(dueMs),
      kind: planned.kind,
      sagaStyle,
      customerId,
      items,
      paymentToken: payment.token,
    });
    tally.sent(dueMs, elapsedMs());
    const placement: Placement =
      inFlight.size >= mostInFlight
        ? { type: 'fail', httpStatus: null, error: `not sent: ${mostInFlight} requests wait for an answer` }
        : await client.place(planned, operation.idempotencyKey, abort.signal);
    tally.answered(placement, dueMs, elapsedMs());
    if (placement.type !== 'ok') {
      history.write({ ...operation, ...stamp(dueMs), ...placement, orderId: null });
      return;
    }
    history.write({ ...operation, ...stamp(dueMs), ...placement });
    if (planned.cancelAfterMs !== null) await cancel(n, placement.orderId, planned.cancelAfterMs);
  }

  async function cancel(n: number, orderId: string, afterMs: number): Promise<void> {
    const dueMs = elapsedMs() + afterMs;
    await createSleeper(abort.signal).sleep(afterMs);
    if (abort.signal.aborted) return;
    const operation = { run, n, op: 'cancel', idempotencyKey: `load-${run}-${n}`, orderId } as const;
    history.write({ ...operation, type: 'invoke', at: new Date().toISOString(), dueAt: wallClock(dueMs) });
    const answer = await client.cancel(orderId, abort.signal);
    tally.cancelAnswered(answer);
    history.write({ ...operation, ...stamp(dueMs), ...answer });
  }

  async function placeAll(): Promise<void> {
    const endMs = plan.seconds * 1_000;
    for (let n = 0; n < (plan.orders ?? Number.POSITIVE_INFINITY) && !stopping; ) {
      const dueMs = arrivals.nextMs();
      const waitMs = Math.min(dueMs, endMs) - elapsedMs();
      if (waitMs > 0) {
        await sleeper.sleep(waitMs);
        continue;
      }
      if (dueMs >= endMs) break;
      arrivals.advance();
      const placing = place(n, dueMs).finally(() => inFlight.delete(placing));
      inFlight.add(placing);
      n += 1;
    }
  }

  const findEnds = createEndFinder((before, limit) => client.orders(before, limit, abort.signal));
  async function look(): Promise<void> {
    // The read model may be away, on purpose even; the next look finds what this one did not.
    const found = await findEnds(tally.open().keys()).catch(() => []);
    for (const ended of found) tally.ended(ended);
  }

  /** Looks at intervals while orders come. */
  async function follow(): Promise<void> {
    const pause = createSleeper(abort.signal);
    while (phase === 'placing' && !abort.signal.aborted) {
      await pause.sleep(lookEveryMs.placing);
      if (phase === 'placing' && tally.open().size > 0) await look();
    }
  }

  async function settle(): Promise<void> {
    const pause = createSleeper(abort.signal);
    const deadlineMs = elapsedMs() + settleMs;
    while (tally.open().size > 0 && !abort.signal.aborted) {
      await look();
      if (tally.open().size === 0 || elapsedMs() >= deadlineMs) break;
      await pause.sleep(lookEveryMs.settling);
    }
    if (!abort.signal.aborted) lost = [...tally.open().keys()];
  }

  async function perform(): Promise<LoadRun> {
    const telling = setInterval(() => options.onChange?.(current()), tellEveryMs);
    try {
      await client.ready();
      const following = follow();
      await placeAll();
      await Promise.all(inFlight);
      enter('settling');
      await following;
      await settle();
    } catch (error) {
      problem ??= error instanceof Error ? error.message : String(error);
    } finally {
      clearInterval(telling);
    }
    endedAt = new Date().toISOString();
    enter(problem !== null ? 'failed' : stopping ? 'stopped' : 'finished');
    return current();
  }

  const stop = () => {
    stopping = true;
    sleeper.wake();
  };
  const abandon = () => {
    stop();
    abort.abort();
  };
  return {
    current,
    changeRate(rate) {
      arrivals.changeRate(rate, elapsedMs());
      ratePerSecond = rate;
      sleeper.wake();
    },
    stop,
    abandon,
    fail(why) {
      problem ??= why;
      abandon();
    },
    done: perform(),
  };
}
