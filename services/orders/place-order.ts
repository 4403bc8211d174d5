import { AppError } from '#contracts/errors.ts';
import type { Quote } from '#contracts/grpc/quote.ts';
import { defaultPaymentTimeoutMs, type Order, type OrderCreate, type SagaStyle } from '#contracts/http/orders.ts';
import { attributes } from '#contracts/telemetry/attributes.ts';
import type { Principal } from '#kit/auth.ts';
import { type Clock, instant } from '#kit/clock.ts';
import type { Patterns } from '#kit/control/patterns.ts';
import { type StoredAnswer, withIdempotencyKey } from '#kit/idempotency/idempotency.ts';
import { newId } from '#kit/ids.ts';
import type { Logger } from '#kit/logger.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import type { Database, Tx } from '#kit/postgres/database.ts';
import { annotate } from '#kit/telemetry/spans.ts';
import type { GetQuote } from './get-quote.ts';
import { toMessage } from './messages.ts';
import type { OrderState } from './order.ts';
import { linesOf } from './quote.ts';
import { newSaga } from './saga/saga.ts';
import { saveSaga } from './saga/store.ts';
import { insertOrder, toOrder } from './store.ts';

export type PlaceOrderDeps = {
  db: Database;
  getQuote: GetQuote;
  producer: string;
  clock: Clock;
  log: Logger;
  patterns: Pick<Patterns, 'isOn'>;
};

export type PlaceOrderCommand = {
  principal: Principal;
  idempotencyKey: string;
  body: OrderCreate;
  /** From the header; the body may say the same. */
  sagaStyle: SagaStyle | undefined;
  signal: AbortSignal;
};

/**
 * Accepts an order: quote first, then order, lines, `order.created` and the answer to the idempotency key in one
 * transaction. Once it resolves, the order is stored and will reach a terminal status.
 * Throws `forbidden` for somebody else's order, `unprocessable` for an unknown SKU or a key used with another body,
 * and `unavailable` while prices or the database cannot be had; nothing is stored then.
 */
export async function placeOrder(
  deps: PlaceOrderDeps,
  { principal, idempotencyKey, body, sagaStyle: wanted, signal }: PlaceOrderCommand,
): Promise<{ answer: StoredAnswer; repeated: boolean }> {
  if (principal.subject !== body.customerId && !principal.roles.includes('operator')) {
    throw new AppError('forbidden', 'a shopper may only order for themselves');
  }
  const sagaStyle = chooseStyle(body.sagaStyle, wanted);
  const key = { scope: `POST /orders ${principal.subject}`, key: idempotencyKey, request: { ...body, sagaStyle } };
  const plan = async () => {
    const quote = await deps.getQuote(body, signal);
    const order = newOrder(body, sagaStyle, quote, instant(deps.clock));
    const answer = { status: 202, headers: { location: `/orders/${order.id}` }, body: toOrder(order) satisfies Order };
    const apply = async (tx: Tx) => {
      if (sagaStyle === 'orchestration') saveSaga(tx, newSaga(order.id, order.createdAt));
      tx.onCommit(() =>
        deps.log.info({ orderId: order.id, sagaId: order.sagaId, total: order.total }, 'order created'),
      );
      // Not awaited one by one: the connection pipelines, so all of it is one round trip, in this order.
      await Promise.all([
        insertOrder(tx, order, quote),
        enqueue(tx, {
          ...toMessage(order, { type: 'order.created' }),
          producer: deps.producer,
          orderId: order.id,
          aggregateType: 'order',
          aggregateVersion: order.version,
          cause: null,
          sagaId: order.sagaId,
        }),
      ]);
    };
    return { answer, apply };
  };
  const placed = await withIdempotencyKey(deps.db, key, plan, deps.patterns.isOn('idempotency-key'));
  const order = placed.answer.body as Order;
  annotate({
    [attributes.orderId]: order.id,
    [attributes.sagaId]: order.sagaId,
    [attributes.sagaStyle]: order.sagaStyle,
  });
  return placed;
}

/** Throws `invalid_argument` when header and body do not agree. */
function chooseStyle(inBody: SagaStyle | undefined, inHeader: SagaStyle | undefined): SagaStyle {
  if (inBody !== undefined && inHeader !== undefined && inBody !== inHeader) {
    throw new AppError('invalid_argument', `x-saga-style says ${inHeader} and the body's sagaStyle says ${inBody}`);
  }
  return inBody ?? inHeader ?? 'choreography';
}

function newOrder(body: OrderCreate, sagaStyle: SagaStyle, quote: Quote, at: string): OrderState {
  return {
    id: newId(),
    customerId: body.customerId,
    status: 'created',
    version: 1,
    sagaId: newId(),
    sagaStyle,
    lines: linesOf(quote),
    total: { amountMinor: quote.totalMinor, currency: quote.currency },
    quoteId: quote.quoteId,
    quoteSignature: quote.signature,
    payment: body.payment,
    reservationId: null,
    released: false,
    chargeId: null,
    cancelReason: null,
    paymentDueAt: new Date(Date.parse(at) + (body.paymentTimeoutMs ?? defaultPaymentTimeoutMs)).toISOString(),
    paymentSettled: false,
    stuckSince: null,
    createdAt: at,
    updatedAt: at,
  };
}
