import type { CancelReason } from '#contracts/http/orders.ts';
import { cancelDetail } from '../cancel-detail.ts';
import { soldAlready, stuckAfterAttempts } from '../choreography.ts';
import type { FactOf, OrderFact } from '../facts.ts';
import { contradiction, type OrderEvent, type OrderState, type Participant } from '../order.ts';
import { evolve, type Moment, type Saga, type SagaEvent, stepOf } from './saga.ts';
import { type StepName, saleSteps, stepNamed, steps } from './steps.ts';

/** What happens to the saga, and what that means to the order that the world knows. */
export type Decision = { saga: SagaEvent[]; order: OrderEvent[] };

/** A decision in the making: each event is applied at once, so that the next thought starts from it. */
type Draft = { saga: Saga; decided: Decision; moment: Moment };

/**
 * What the orchestrator does about a fact. Replies move it on along the table of steps, or make it turn back: then every
 * step that was begun and can be undone is undone, all at once, because the participants do not depend on each other and
 * a refund that takes long should not hold stock. Facts that were known change nothing. Throws `conflict` for what
 * cannot be true, and for a cancellation after the pivot.
 */
export function decide(saga: Saga, order: OrderState, fact: OrderFact, moment: Moment): Decision {
  const draft: Draft = { saga, decided: { saga: [], order: [] }, moment };
  switch (fact.type) {
    case 'screened':
      screened(draft, fact);
      break;
    case 'stock_reserved':
      succeeded(draft, 'reserve', order, fact, [{ type: 'reservation_noted', reservationId: fact.reservationId }]);
      break;
    case 'stock_rejected':
      failed(draft, 'reserve', order, fact, 'out_of_stock', cancelDetail('out_of_stock', fact.shortages));
      break;
    case 'stock_released':
      released(draft, order, fact);
      break;
    case 'payment_succeeded':
      charged(draft, order, fact);
      break;
    case 'payment_failed':
      failed(draft, 'charge', order, fact, 'payment_failed', cancelDetail('payment_failed'));
      break;
    case 'payment_undone':
      undone(draft, 'charge', order, fact);
      break;
    case 'stock_committed':
      succeeded(draft, 'ship', order, fact, []);
      break;
    case 'invoice_issued':
      succeeded(draft, 'invoice', order, fact, []);
      break;
    case 'customer_notified':
      succeeded(draft, fact.of === 'order_confirmed' ? 'notify' : 'apologise', order, fact, []);
      break;
    case 'cancellation_requested':
      cancellation(draft, order, fact);
      break;
    case 'timed_out':
      timedOut(draft, order, fact);
      break;
  }
  return draft.decided;
}

function screened(draft: Draft, fact: FactOf<'screened'>): void {
  if (stepOf(draft.saga, 'screen').state !== 'running' || draft.saga.phase !== 'running') return;
  const { score, decision, model, reasons } = fact;
  draft.decided.order.push({ type: 'order.screened', score, decision, model, reasons });
  if (decision === 'accept') {
    emit(draft, { type: 'step_done', step: 'screen' });
    advance(draft);
  } else {
    emit(draft, { type: 'step_failed', step: 'screen' });
    turnBack(draft, 'fraud_suspected', cancelDetail('fraud_suspected'));
  }
}

function succeeded(draft: Draft, name: StepName, order: OrderState, fact: OrderFact, noted: OrderEvent[]): void {
  const { state } = stepOf(draft.saga, name);
  switch (state) {
    case 'running':
      draft.decided.order.push(...noted);
      emit(draft, { type: 'step_done', step: name });
      advance(draft);
      return;
    case 'undoing':
      // It was done after all, before it could be undone. The undoing is on its way behind it.
      if (order.reservationId === null) draft.decided.order.push(...noted);
      return;
    case 'done':
    case 'undone':
      return;
    case 'pending':
    case 'failed':
      throw contradiction(order, fact);
  }
}

function charged(draft: Draft, order: OrderState, fact: FactOf<'payment_succeeded'>): void {
  if (order.chargeId === fact.chargeId) return;
  if (order.chargeId !== null) throw contradiction(order, fact);
  if (stepOf(draft.saga, 'charge').state === 'undoing') {
    draft.decided.order.push({ type: 'late_payment_noted', chargeId: fact.chargeId });
    return;
  }
  if (stepOf(draft.saga, 'charge').state !== 'running') throw contradiction(order, fact);
  succeeded(draft, 'charge', order, fact, [{ type: 'payment_noted', chargeId: fact.chargeId }]);
}

function failed(
  draft: Draft,
  name: StepName,
  order: OrderState,
  fact: OrderFact,
  reason: CancelReason,
  detail: string,
): void {
  switch (stepOf(draft.saga, name).state) {
    case 'running':
      emit(draft, { type: 'step_failed', step: name });
      turnBack(draft, reason, detail);
      return;
    case 'undoing':
      // Nothing was done, so nothing needs undoing.
      undone(draft, name, order, fact);
      return;
    case 'failed':
    case 'undone':
      return;
    case 'pending':
    case 'done':
      throw contradiction(order, fact);
  }
}

function undone(draft: Draft, name: StepName, order: OrderState, fact: OrderFact): void {
  switch (stepOf(draft.saga, name).state) {
    case 'undoing':
      emit(draft, { type: 'step_undone', step: name });
      draft.decided.order.push(name === 'reserve' ? { type: 'release_noted' } : { type: 'payment_settled' });
      endIfUndone(draft);
      return;
    case 'undone':
      return;
    case 'pending':
    case 'running':
    case 'done':
    case 'failed':
      throw contradiction(order, fact);
  }
}

/** A promise that ran out before the pivot turns the saga back; after it inventory takes the goods anew. */
function released(draft: Draft, order: OrderState, fact: FactOf<'stock_released'>): void {
  const { state } = stepOf(draft.saga, 'reserve');
  if (fact.expired && (state === 'running' || state === 'done')) {
    if (stepOf(draft.saga, 'charge').state === 'done') return;
    turnBack(draft, 'payment_timeout', cancelDetail('payment_timeout'));
  }
  undone(draft, 'reserve', order, fact);
}

function cancellation(draft: Draft, order: OrderState, { requestedBy }: FactOf<'cancellation_requested'>): void {
  if (draft.saga.phase === 'compensating' || draft.saga.phase === 'cancelled') return;
  if (stepOf(draft.saga, 'charge').state === 'done') throw soldAlready(order);
  draft.decided.order.push({ type: 'order.cancellation_requested', requestedBy });
  turnBack(draft, 'customer_request', cancelDetail('customer_request'));
}

/** A timer cannot be called back, so it may be told when it no longer matters: the state of its step decides. */
function timedOut(draft: Draft, order: OrderState, { timer, attempt }: FactOf<'timed_out'>): void {
  const { saga } = draft;
  if (timer === 'payment') {
    if (saga.phase !== 'running' || stepOf(saga, 'charge').state === 'done') return;
    turnBack(draft, 'payment_timeout', cancelDetail('payment_timeout'));
    return;
  }
  const step = saga.steps.find(({ name }) => name === timer);
  if (step === undefined || step.attempts !== attempt) return;
  if (step.state === 'undoing') {
    undoAgain(draft, order, step.name, attempt);
    return;
  }
  if (step.state !== 'running') return;
  const { attempts, gaveUp } = stepNamed(step.name);
  if (attempts !== null && attempt >= attempts && gaveUp !== null) turnBack(draft, gaveUp, cancelDetail(gaveUp));
  else emit(draft, { type: 'step_started', step: step.name, attempt: attempt + 1 });
}

function undoAgain(draft: Draft, order: OrderState, name: StepName, attempt: number): void {
  const { reason } = draft.saga;
  if (attempt >= stuckAfterAttempts && order.stuckSince === null && reason !== null) {
    const waitingFor = undoing(draft.saga).map((step) => stepNamed(step).service as Participant);
    draft.decided.order.push({ type: 'order.compensation_stuck', reason, waitingFor, attempts: attempt });
  }
  emit(draft, { type: 'undo_started', step: name, attempt: attempt + 1 });
}

/** Starts the next step of the sale; what orders does itself is done at once. */
function advance(draft: Draft): void {
  // The one step of a cancelled order, to say so, has none after it.
  if (draft.saga.phase !== 'running') return;
  for (const step of saleSteps) {
    const { state } = stepOf(draft.saga, step.name);
    if (state === 'done') continue;
    emit(draft, { type: 'step_started', step: step.name, attempt: 1 });
    if (step.do !== null) return;
    draft.decided.order.push({ type: 'order.confirmed' });
    emit(draft, { type: 'step_done', step: step.name });
  }
  emit(draft, { type: 'ended', phase: 'completed' });
}

/** Undoes what was begun and can be undone; an order that nobody has done anything for is cancelled at once. */
function turnBack(draft: Draft, reason: CancelReason, detail: string): void {
  emit(draft, { type: 'turned_back', reason, detail });
  for (const { name, undo } of steps) {
    if (undo === null && stepOf(draft.saga, name).state === 'running') emit(draft, { type: 'step_undone', step: name });
  }
  const begun = steps.filter(({ name, undo }) => {
    const { state } = stepOf(draft.saga, name);
    return undo !== null && (state === 'running' || state === 'done');
  });
  if (begun.length > 0) draft.decided.order.push({ type: 'order.compensating', reason, attempt: 1 });
  // The participants that were never asked hold nothing.
  for (const name of ['reserve', 'charge'] as const) {
    if (begun.length > 0 && !begun.some((step) => step.name === name)) {
      draft.decided.order.push(name === 'reserve' ? { type: 'release_noted' } : { type: 'payment_settled' });
    }
  }
  for (const { name } of begun.toReversed()) emit(draft, { type: 'undo_started', step: name, attempt: 1 });
  endIfUndone(draft);
}

function endIfUndone(draft: Draft): void {
  const { saga } = draft;
  if (saga.phase !== 'compensating' || undoing(saga).length > 0) return;
  if (saga.reason === null || saga.detail === null) return;
  draft.decided.order.push({ type: 'order.cancelled', reason: saga.reason, detail: saga.detail });
  emit(draft, { type: 'ended', phase: 'cancelled' });
  emit(draft, { type: 'step_started', step: 'apologise', attempt: 1 });
}

function undoing(saga: Saga): StepName[] {
  return saga.steps.filter(({ state }) => state === 'undoing').map(({ name }) => name);
}

function emit(draft: Draft, event: SagaEvent): void {
  draft.decided.saga.push(event);
  draft.saga = evolve(draft.saga, event, draft.moment);
}
