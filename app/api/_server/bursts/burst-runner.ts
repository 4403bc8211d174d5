import { randomUUID } from 'node:crypto';
import { type BurstPlan, burstSequence, seededRandom } from '#components/orders/burst-mix.ts';
import { AppError, isAppError } from '#contracts/errors.ts';
import type { GatewaySource, OrderDraft } from '../sources/gateway.ts';
import type { HistorySource } from '../sources/history.ts';
import { type BurstState, createTally, isOver } from './burst-state.ts';
import { makeDraft } from './make-draft.ts';
import { pause } from './pause.ts';

export type BurstRunner = ReturnType<typeof burstRunner>;

export type BurstSources = {
  gateway: Pick<GatewaySource, 'products' | 'place'>;
  history: Pick<HistorySource, 'orders' | 'stream'>;
};

export type BurstTiming = {
  /** After the last order was sent, milliseconds until those that have not ended are given up. */
  settleMs: number;
  /** Milliseconds between looks at the list, beside the stream. */
  lookMs: number;
  /** First wait after a failure that names no time; doubles. */
  backoffMs: number;
};

const usual: BurstTiming = { settleMs: 60_000, lookMs: 2000, backoffMs: 200 };
/** Orders on their way at once at most; a slow gateway must not be met with 200 requests. */
const mostInFlight = 16;
const attempts = 10;

/**
 * Runs one burst at a time on the console's server and tells whoever listens how it goes. Orders leave at the plan's
 * rate; when the gateway says 429 or 503 with Retry-After, the whole burst holds back for that long.
 */
export function burstRunner({ gateway, history }: BurstSources, timing: BurstTiming = usual) {
  let current: { state: BurstState; abort: AbortController; done: Promise<void> } | null = null;
  const listeners = new Set<(state: BurstState) => void>();

  const run = async (plan: BurstPlan, signal: AbortSignal, update: (change: Partial<BurstState>) => void) => {
    const { items: products } = await gateway.products(signal);
    const tally = createTally();
    const random = seededRandom(plan.seed);
    const drafts = burstSequence(plan).map((kind) => makeDraft(kind, products, random));
    const told = { refused: 0, waiting: 0, putOff: 0 };
    const report = (more: Partial<BurstState> = {}) => update({ ...tally.counts(), ...told, ...more });
    const stopFollowing = new AbortController();
    const until = AbortSignal.any([signal, stopFollowing.signal]);
    const following = follow(until, (orderId, status) => {
      tally.see(orderId, status);
      report();
    });
    let holdUntilMs = 0;
    const placeOne = async (draft: OrderDraft) => {
      const key = randomUUID();
      for (let attempt = 1; ; attempt++) {
        await pause(holdUntilMs - Date.now(), signal);
        if (signal.aborted) return;
        try {
          const { id } = await gateway.place(draft, key, signal);
          tally.accept(id);
          return report();
        } catch (error) {
          if (signal.aborted) return;
          if (!isAppError(error) || !error.retryable || attempt === attempts) {
            told.refused++;
            return report({ problem: error instanceof Error ? error.message : String(error) });
          }
          told.putOff++;
          told.waiting++;
          report();
          const asked = error.retryAfterSeconds;
          if (asked !== null) holdUntilMs = Math.max(holdUntilMs, Date.now() + asked * 1000);
          else await pause(timing.backoffMs * 2 ** (attempt - 1), signal);
          await pause(holdUntilMs - Date.now(), signal);
          told.waiting--;
        }
      }
    };
    try {
      const startedAt = performance.now();
      const inFlight = new Set<Promise<void>>();
      for (const [index, draft] of drafts.entries()) {
        await pause(startedAt + (index / plan.ratePerSecond) * 1000 - performance.now(), signal);
        while (inFlight.size >= mostInFlight && !signal.aborted) await Promise.race(inFlight);
        if (signal.aborted) break;
        const placing = placeOne(draft).finally(() => inFlight.delete(placing));
        inFlight.add(placing);
      }
      await Promise.all(inFlight);
      report({ phase: 'settling' });
      await settle(tally, report, signal);
    } finally {
      stopFollowing.abort();
      await following;
    }
  };

  /** Follows the stream, reopened after a drop from where it was. */
  const follow = async (signal: AbortSignal, see: (orderId: string, status: BurstStatus) => void) => {
    let lastEventId: string | null = null;
    while (!signal.aborted) {
      try {
        for await (const { id, update } of history.stream({ lastEventId }, signal)) {
          lastEventId = id;
          see(update.order.id, update.order.status);
        }
      } catch {
        // The list, read while settling, tells what the stream did not.
        await pause(timing.lookMs, signal);
      }
    }
  };

  /** Until every accepted order has ended: the stream says so, and where it was interrupted the list does. */
  const settle = async (tally: ReturnType<typeof createTally>, report: () => void, signal: AbortSignal) => {
    const deadline = performance.now() + timing.settleMs;
    let lookAt = performance.now() + timing.lookMs;
    while (tally.open().length > 0 && !signal.aborted && performance.now() < deadline) {
      await pause(Math.min(100, timing.lookMs), signal);
      if (performance.now() < lookAt || tally.open().length === 0) continue;
      lookAt = performance.now() + timing.lookMs;
      const page = await history.orders({ limit: 500 }, signal).catch(() => null);
      for (const { id, status } of page?.orders ?? []) tally.see(id, status);
      report();
    }
  };

  return {
    /** The running burst, or the last one. */
    current: (): BurstState | null => current?.state ?? null,
    /** Starts a burst; `conflict` while another one runs. */
    start(plan: BurstPlan): BurstState {
      if (current && !isOver(current.state)) {
        throw new AppError('conflict', 'a burst is running: wait for its end or cancel it');
      }
      const abort = new AbortController();
      let state: BurstState = {
        id: randomUUID(),
        plan,
        phase: 'placing',
        startedAtMs: Date.now(),
        endedAtMs: null,
        accepted: 0,
        refused: 0,
        waiting: 0,
        putOff: 0,
        confirmed: 0,
        cancelled: 0,
        problem: null,
      };
      const update = (change: Partial<BurstState>) => {
        state = { ...state, ...change };
        if (current) current.state = state;
        for (const listener of listeners) listener(state);
      };
      const done = run(plan, abort.signal, update).then(
        () => update({ phase: abort.signal.aborted ? 'cancelled' : 'finished', waiting: 0, endedAtMs: Date.now() }),
        (error: unknown) =>
          update({
            phase: abort.signal.aborted ? 'cancelled' : 'failed',
            waiting: 0,
            endedAtMs: Date.now(),
            problem: isAppError(error) ? error.message : 'something failed inside the console',
          }),
      );
      current = { state, abort, done };
      return state;
    },
    /** Stops placing. What was accepted goes its way. */
    cancel(id: string): void {
      if (current?.state.id === id) current.abort.abort();
    },
    listen(listener: (state: BurstState) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

type BurstStatus = Parameters<ReturnType<typeof createTally>['see']>[1];
