import { z } from 'zod';
import { type ErrorCode, isAppError } from '#contracts/errors.ts';
import type { OrderView } from '#contracts/http/history.ts';
import { OrderStatus, SagaStyle } from '#contracts/http/orders.ts';
import { Uuid } from '#contracts/ids.ts';
import type { LogRecord, Span } from '#contracts/telemetry/query.ts';
import { mergeLive } from '../merge-live.ts';
import { followOrder, followTraceLogs, type OrderStory, readTimeline, readTraceLogs } from '../sources/order-story.ts';
import { live, procedure, Resumable, router, tracked } from '../trpc.ts';
import { inContainers } from '../world.ts';

const OrderId = z.object({ id: Uuid });

/** Loose on purpose: what is wrong with an order is the gateway's to say, so that its problem document is what is seen. */
const Draft = z.object({
  customerId: z.string().max(100),
  items: z.array(z.object({ sku: z.string().max(100), qty: z.number() })).max(100),
  payment: z.object({ token: z.string().max(100) }),
  sagaStyle: SagaStyle.optional(),
  paymentTimeoutMs: z.number().optional(),
});

/** What the order page is told, beside `source`. */
export type StoryUpdate = OrderStory | { kind: 'logs'; logs: LogRecord[] } | { kind: 'spans'; spans: Span[] };

/** Why an order was not accepted: the gateway's problem document. */
export type PlaceProblem = {
  code: ErrorCode;
  detail: string;
  errors: { path: string; message: string }[];
  traceId: string | null;
  retryAfterSeconds: number | null;
};

export const ordersRouter = router({
  list: procedure
    .input(
      z.object({
        status: OrderStatus.optional(),
        customerId: Uuid.optional(),
        before: Uuid.optional(),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .query(({ ctx, input, signal }) => ctx.history.orders(input, signal)),
  /** Every order that moved, the newest state of each, ≤ 4 batches a second; resumes where the browser was. */
  stream: procedure.input(Resumable).subscription(async function* ({ ctx, input, signal }) {
    let last = input.lastEventId ?? null;
    const open = async function* (
      until: AbortSignal,
      onOpen: () => void,
    ): AsyncGenerator<{ kind: 'order'; order: OrderView }> {
      for await (const { id, update } of ctx.history.stream({ lastEventId: last }, until, onOpen)) {
        last = id;
        yield { kind: 'order', order: update.order };
      }
    };
    const keyOf = ({ order }: { order: OrderView }) => order.id;
    for await (const batch of live(signal, (until) => mergeLive(until, [{ name: 'history', open }], { keyOf }))) {
      yield tracked(last ?? '0', batch);
    }
  }),
  timeline: procedure.input(OrderId).query(({ ctx, input, signal }) => readTimeline(ctx, input.id, signal)),
  logs: procedure
    .input(z.object({ traceId: z.string().regex(/^[0-9a-f]{32}$/) }))
    .query(({ ctx, input, signal }) => readTraceLogs(ctx, input.traceId, signal)),
  /** Events, spans and log lines of one order in one stream: a snapshot first, also after a drop. */
  story: procedure.input(Resumable.extend(OrderId.shape)).subscription(async function* ({ ctx, input, signal }) {
    let sequence = 0;
    let traceId: string | null = null;
    let known = () => {};
    const traceKnown = new Promise<void>((resolve) => {
      known = resolve;
    });
    const events = async function* (until: AbortSignal): AsyncGenerator<StoryUpdate> {
      for await (const update of followOrder(ctx, input.id, until)) {
        traceId ??= update.order.traceId;
        if (traceId !== null) known();
        yield update;
      }
    };
    // The first event names the trace.
    const traceOfOrder = async (until: AbortSignal) => {
      await Promise.race([traceKnown, new Promise((resolve) => until.addEventListener('abort', resolve))]);
      return traceId;
    };
    const logs = async function* (until: AbortSignal): AsyncGenerator<StoryUpdate> {
      const traceId = await traceOfOrder(until);
      if (traceId === null) return;
      for await (const batch of followTraceLogs(ctx, traceId, until)) yield { kind: 'logs', logs: batch };
    };
    const spans = async function* (until: AbortSignal, onOpen: () => void): AsyncGenerator<StoryUpdate> {
      const traceId = await traceOfOrder(until);
      if (traceId === null) return;
      for await (const batch of ctx.telemetry.spanStream(traceId, until, onOpen)) yield { kind: 'spans', spans: batch };
    };
    const sources = [
      { name: 'history', open: events },
      { name: 'telemetry', open: logs },
      { name: 'spans', open: spans },
    ];
    // Nothing is coalesced, every event counts; 60 ms keeps it well under a third of a second from event to screen.
    const merge = (until: AbortSignal) => mergeLive(until, sources, { keyOf: () => null, everyMs: 60 });
    for await (const batch of live(signal, merge)) yield tracked(String(++sequence), batch);
  }),
  /** Mails about an order and how it was paid. */
  mails: procedure
    .input(OrderId)
    .query(async ({ ctx, input, signal }) => (await ctx.gateway.mails(input.id, signal)).mails),
  /** Where the public API is for a shell on this machine, for commands that are copied. */
  endpoints: procedure.query(async ({ ctx, signal }) => {
    const { home, endpoints } = await ctx.supervisor.state(signal);
    return { gateway: endpoints.gateway, identity: endpoints.identity, home, containers: inContainers() };
  }),
  /** Asks for the order to be undone; the story shows how it goes. Throws `conflict` once it is sold. */
  cancel: procedure.input(OrderId).mutation(async ({ ctx, input }) => {
    const { status } = await ctx.gateway.cancel(input.id);
    return { status };
  }),
  /** Steps, tries, deadlines and timers as orders holds them. */
  saga: procedure.input(OrderId).query(({ ctx, input, signal }) => ctx.gateway.saga(input.id, signal)),
  /** A refusal is an answer, not a failure: the form shows it at its fields. */
  place: procedure
    .input(z.object({ idempotencyKey: z.string().min(8).max(128), draft: Draft }))
    .mutation(async ({ ctx, input }) => {
      try {
        const order = await ctx.gateway.place(input.draft, input.idempotencyKey);
        return { outcome: 'accepted' as const, id: order.id };
      } catch (error) {
        if (!isAppError(error)) throw error;
        return { outcome: 'refused' as const, problem: toProblem(error) };
      }
    }),
});

function toProblem(error: {
  code: ErrorCode;
  message: string;
  details: Record<string, unknown>;
  retryAfterSeconds: number | null;
}): PlaceProblem {
  const errors = z.array(z.object({ path: z.string(), message: z.string() })).safeParse(error.details.errors);
  const traceId = z.string().safeParse(error.details.traceId);
  return {
    code: error.code,
    detail: error.message,
    errors: errors.success ? errors.data : [],
    traceId: traceId.success ? traceId.data : null,
    retryAfterSeconds: error.retryAfterSeconds,
  };
}
