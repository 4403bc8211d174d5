import type { EventMetadata } from '#contracts/events/envelope.ts';
import { instant } from '#kit/clock.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { type ChangeOrderDeps, changeOrder } from '../change-order.ts';
import type { OrderFact } from '../facts.ts';
import type { OrderState } from '../order.ts';
import { setTimers } from '../timers/store.ts';
import type { Timer } from '../timers/timer.ts';
import { commandOf } from './command.ts';
import { decide } from './decide.ts';
import { evolve, type Moment, type Saga, type SagaEvent, stepOf } from './saga.ts';
import { sagaOf, saveSaga } from './store.ts';

/**
 * Moves the saga of a locked order on, in the caller's transaction: the order, the steps, the next commands and their
 * deadlines are written together, so a process that is killed at any point goes on from what was committed, and no
 * command goes out that the saga does not know of. Returns the order after it.
 */
export async function advanceSaga(
  deps: ChangeOrderDeps,
  tx: Tx,
  before: OrderState,
  fact: OrderFact,
  cause: EventMetadata | null,
): Promise<OrderState> {
  const saga = await sagaOf(tx, before.id);
  const moment = { at: instant(deps.clock), compensationRetryMs: deps.compensationRetryMs };
  const decided = decide(saga, before, fact, moment);
  const order = await changeOrder(deps, tx, before, decided.order, cause);
  if (decided.saga.length > 0) await writeSaga(deps, tx, { before: saga, events: decided.saga, order, moment, cause });
  return order;
}

type Progress = {
  before: Saga;
  events: readonly SagaEvent[];
  order: OrderState;
  moment: Moment;
  cause: EventMetadata | null;
};

async function writeSaga(deps: ChangeOrderDeps, tx: Tx, { before, events, order, moment, cause }: Progress) {
  let saga = before;
  const timers: Timer[] = [];
  for (const event of events) {
    saga = evolve(saga, event, moment);
    timers.push(...timersOf(saga, event));
    const command = commandOf(event, saga, order);
    if (command === null) continue;
    saga = { ...saga, version: saga.version + 1 };
    await enqueue(tx, {
      ...command,
      producer: deps.producer,
      orderId: order.id,
      aggregateType: 'saga',
      aggregateVersion: saga.version,
      ...(cause === null ? { cause, sagaId: order.sagaId } : { cause }),
    });
  }
  const changed = saga.steps.filter((step, index) => step !== before.steps[index]);
  saveSaga(tx, saga, changed);
  setTimers(tx, order.id, timers);
  const { phase, steps } = saga;
  const at = steps.filter(({ state }) => state === 'running' || state === 'undoing').map(({ name }) => name);
  tx.onCommit(() => deps.log.info({ orderId: order.id, sagaId: order.sagaId, phase, at }, 'saga advanced'));
}

/** The deadline of a try, when it has one. */
function timersOf(saga: Saga, event: SagaEvent): Timer[] {
  if (event.type !== 'step_started' && event.type !== 'undo_started') return [];
  const { deadlineAt } = stepOf(saga, event.step);
  return deadlineAt === null ? [] : [{ name: event.step, attempt: event.attempt, firesAt: deadlineAt }];
}
