import type { OrderStatus } from '#contracts/http/orders.ts';
import type { OrderSaga, SagaPhase } from '#contracts/http/sagas.ts';
import type { Queryable } from '#kit/postgres/database.ts';
import type { OrderState } from './order.ts';
import { stepNamed } from './saga/steps.ts';
import { findSaga } from './saga/store.ts';
import { timersOfOrder } from './timers/store.ts';

/** The saga of an order as orders holds it: in a choreography its phase and timers, in an orchestration every step. */
export async function getSaga(db: Queryable, order: OrderState): Promise<OrderSaga> {
  const [saga, timers] = await Promise.all([findSaga(db, order.id), timersOfOrder(db, order.id)]);
  return {
    orderId: order.id,
    sagaId: order.sagaId,
    style: order.sagaStyle,
    phase: saga?.phase ?? phaseOf[order.status],
    reason: order.cancelReason,
    stuckSince: order.stuckSince,
    steps: (saga?.steps ?? []).map((step) => {
      const { service, kind } = stepNamed(step.name);
      return { ...step, service, kind };
    }),
    timers,
  };
}

const phaseOf: Record<OrderStatus, SagaPhase> = {
  created: 'running',
  screened: 'running',
  reserved: 'running',
  paid: 'running',
  confirmed: 'completed',
  compensating: 'compensating',
  cancelled: 'cancelled',
};
