import { AppError, isAppError } from '#contracts/errors.ts';
import { OrderUpdate, type OrderView, type TimelineEntry } from '#contracts/http/history.ts';
import type { Order } from '#contracts/http/orders.ts';
import { LogRecord } from '#contracts/telemetry/query.ts';
import type { Context } from '../context.ts';
import { openStream } from './http.ts';
import { parseServerSentEvents, type ServerSentEvent } from './sse.ts';

/** All that is known of an order, and then each further event. A snapshot replaces what was known. */
export type OrderStory =
  | { kind: 'snapshot'; order: OrderView; timeline: TimelineEntry[] }
  | { kind: 'event'; order: OrderView; entry: TimelineEntry };

type Sources = Pick<Context, 'env' | 'token' | 'history' | 'gateway' | 'telemetry'>;

/**
 * The story of one order, complete and live: the stream is opened first and the timeline read after, so nothing falls
 * between them; an event may come twice, with the same messageId. Throws `not_found`, and `unavailable` at its end.
 */
export async function* followOrder(ctx: Sources, id: string, signal: AbortSignal): AsyncGenerator<OrderStory> {
  const url = `${ctx.env.HISTORY_URL}/stream?orderId=${encodeURIComponent(id)}`;
  const events = await openEvents({ process: 'history', url, token: await ctx.token(), signal });
  yield { kind: 'snapshot', ...(await readTimeline(ctx, id, signal)) };
  for await (const { event, data } of events) {
    if (event !== 'order') continue;
    const update = OrderUpdate.safeParse(JSON.parse(data));
    if (!update.success) throw new AppError('dependency_failed', 'history streamed something unknown');
    yield { kind: 'event', ...update.data };
  }
  if (!signal.aborted) throw new AppError('unavailable', 'history closed the stream');
}

/** Log lines of a trace: those that are stored, then as they arrive. A line may come twice, with the same id. */
export async function* followTraceLogs(
  ctx: Sources,
  traceId: string,
  signal: AbortSignal,
): AsyncGenerator<LogRecord[]> {
  const url = `${ctx.env.TELEMETRY_URL}/api/stream/logs?q=${encodeURIComponent(`traceId:${traceId}`)}`;
  const events = await openEvents({ process: 'telemetry', url, token: ctx.env.TELEMETRY_TOKEN, signal });
  yield await readTraceLogs(ctx, traceId, signal);
  for await (const { event, data } of events) {
    if (event !== 'logs') continue;
    const logs = LogRecord.array().safeParse(JSON.parse(data));
    if (!logs.success) throw new AppError('dependency_failed', 'telemetry streamed something unknown');
    yield logs.data;
  }
  if (!signal.aborted) throw new AppError('unavailable', 'telemetry closed the stream');
}

/** The order and its events. Right after placing, history may not know it yet: then as its owner has it, without events. */
export async function readTimeline(
  ctx: Pick<Sources, 'history' | 'gateway'>,
  id: string,
  signal?: AbortSignal,
): Promise<{ order: OrderView; timeline: TimelineEntry[] }> {
  try {
    return await ctx.history.timeline(id, signal);
  } catch (error) {
    if (!isAppError(error, 'not_found')) throw error;
    return { order: asView(await ctx.gateway.order(id, signal)), timeline: [] };
  }
}

/** Stored log lines of a trace, oldest first. */
export async function readTraceLogs(
  ctx: Pick<Sources, 'telemetry'>,
  traceId: string,
  signal?: AbortSignal,
): Promise<LogRecord[]> {
  const { logs } = await ctx.telemetry.searchLogs(
    {
      range: { fromMs: 0, toMs: null },
      filter: { conditions: [{ field: 'traceId', op: 'eq', value: traceId }], text: null },
      order: 'oldest',
      limit: 1000,
    },
    signal,
  );
  return logs;
}

/** Resolves once the process has answered, that is once it has subscribed. */
async function openEvents(options: {
  process: string;
  url: string;
  token: string;
  signal: AbortSignal;
}): Promise<AsyncGenerator<ServerSentEvent>> {
  const body = await openStream(options);
  return parseServerSentEvents(body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>));
}

function asView(order: Order): OrderView {
  const { id, customerId, status, sagaId, sagaStyle, lines, total, cancelReason, createdAt, updatedAt } = order;
  return {
    ...{ id, customerId, status, sagaId, sagaStyle, lines, total, cancelReason, createdAt, updatedAt },
    fraudScore: null,
    reservationId: null,
    chargeId: null,
    invoiceNumber: null,
    notifications: 0,
    refundId: null,
    stuckSince: null,
    traceId: null,
    finishedAt: null,
  };
}
