import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { OpenSagaState, type OrderView, type SagaStats } from '#contracts/http/history.ts';
import { SagaStyle } from '#contracts/http/orders.ts';
import type { Context } from '../context.ts';
import { mergeLive } from '../merge-live.ts';
import { live, procedure, Resumable, router, tracked } from '../trpc.ts';

const Filter = z.object({
  windowSeconds: z.int().min(60).max(86_400).default(900),
  state: OpenSagaState.optional(),
  style: SagaStyle.optional(),
});
type Filter = z.infer<typeof Filter>;

/** What the page shows: the numbers, and the sagas that have not ended. */
export type SagasView = {
  stats: SagaStats;
  open: { sagas: { state: OpenSagaState; order: OrderView }[]; hasMore: boolean };
};

/** Counting costs the read model some tens of milliseconds, so it is done at most this often while orders move. */
const everyMs = 2_000;
/** Whoever waits becomes visible by nothing happening: it is looked at again after this long of silence. */
const idleMs = 5_000;

export const sagasRouter = router({
  view: procedure.input(Filter).query(({ ctx, input, signal }) => readView(ctx, input, signal)),
  /** The view again whenever orders have moved, ≤ once in two seconds. */
  stream: procedure.input(Resumable.extend(Filter.shape)).subscription(async function* ({ ctx, input, signal }) {
    const open = (until: AbortSignal, onOpen: () => void) => views(ctx, input, until, onOpen);
    const merge = (until: AbortSignal) => mergeLive(until, [{ name: 'history', open }], { keyOf: () => 'view' });
    let sequence = 0;
    for await (const batch of live(signal, merge)) yield tracked(String(++sequence), batch);
  }),
});

async function readView(
  ctx: Context,
  { windowSeconds, state, style }: Filter,
  signal?: AbortSignal,
): Promise<SagasView> {
  const [stats, open] = await Promise.all([
    ctx.history.sagaStats(windowSeconds, signal),
    ctx.history.openSagas({ state, style }, signal),
  ]);
  return { stats, open };
}

async function* views(
  ctx: Context,
  filter: Filter,
  signal: AbortSignal,
  onOpen: () => void,
): AsyncGenerator<{ kind: 'view' } & SagasView> {
  const orders = followOrders(ctx, signal, onOpen);
  while (!signal.aborted) {
    orders.seen();
    yield { kind: 'view', ...(await readView(ctx, filter, signal)) };
    await pause(everyMs, signal);
    await Promise.race([orders.moved(), pause(idleMs, signal)]);
    // A stream that broke is reported, and opened again by whoever merges.
    if (orders.failure() !== null) throw orders.failure();
  }
}

/** Whether any order has moved since `seen` was called. */
function followOrders(ctx: Context, signal: AbortSignal, onOpen: () => void) {
  let news = Promise.withResolvers<void>();
  let failure: unknown = null;
  const listen = async () => {
    for await (const _ of ctx.history.stream({}, signal, onOpen)) news.resolve();
  };
  listen()
    .catch((error: unknown) => {
      failure = error;
    })
    .finally(() => news.resolve());
  return {
    seen: () => {
      if (failure === null) news = Promise.withResolvers<void>();
    },
    moved: () => news.promise,
    failure: () => failure,
  };
}

/** Ends early, and quietly, when the reader leaves. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
