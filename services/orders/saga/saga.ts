import type { CancelReason } from '#contracts/http/orders.ts';
import type { SagaPhase, SagaStepState } from '#contracts/http/sagas.ts';
import { after, compensationRetryMs } from '../timers/timer.ts';
import { type StepName, stepNamed, steps } from './steps.ts';

/** One step of one order's saga. `attempts` counts the commands for what it is at now, doing or undoing. */
export type StepState = {
  name: StepName;
  state: SagaStepState;
  attempts: number;
  startedAt: string | null;
  endedAt: string | null;
  deadlineAt: string | null;
};

export type Saga = {
  orderId: string;
  phase: SagaPhase;
  /** Why it turned back. */
  reason: CancelReason | null;
  /** The same in a sentence for the customer. */
  detail: string | null;
  /** Commands sent so far, so that they are numbered without gaps. */
  version: number;
  steps: readonly StepState[];
  startedAt: string;
  updatedAt: string;
};

export type SagaEvent =
  | { type: 'step_started'; step: StepName; attempt: number }
  | { type: 'step_done'; step: StepName }
  | { type: 'step_failed'; step: StepName }
  | { type: 'undo_started'; step: StepName; attempt: number }
  | { type: 'step_undone'; step: StepName }
  | { type: 'turned_back'; reason: CancelReason; detail: string }
  | { type: 'ended'; phase: 'completed' | 'cancelled' };

/** Clock and settings of an evolution. */
export type Moment = { at: string; compensationRetryMs: number };

/** The saga of an order that was just accepted: priced, and being screened. */
export function newSaga(orderId: string, at: string): Saga {
  const state = (name: StepName): SagaStepState =>
    name === 'price' ? 'done' : name === 'screen' ? 'running' : 'pending';
  return {
    orderId,
    phase: 'running',
    reason: null,
    detail: null,
    version: 0,
    startedAt: at,
    updatedAt: at,
    steps: steps.map(({ name }) => ({
      name,
      state: state(name),
      attempts: state(name) === 'pending' ? 0 : 1,
      startedAt: state(name) === 'pending' ? null : at,
      endedAt: state(name) === 'done' ? at : null,
      deadlineAt: null,
    })),
  };
}

export function stepOf(saga: Saga, name: StepName): StepState {
  const found = saga.steps.find((step) => step.name === name);
  if (found === undefined) throw new Error(`saga of order ${saga.orderId} has no step ${name}`);
  return found;
}

/** The saga after an event. */
export function evolve(saga: Saga, event: SagaEvent, { at, compensationRetryMs: firstMs }: Moment): Saga {
  const next = { ...saga, updatedAt: at };
  const change = (name: StepName, patch: Partial<StepState>): Saga => ({
    ...next,
    steps: saga.steps.map((step) => (step.name === name ? { ...step, ...patch } : step)),
  });
  switch (event.type) {
    case 'step_started': {
      const { deadlineMs } = stepNamed(event.step);
      const { startedAt } = stepOf(saga, event.step);
      return change(event.step, {
        state: 'running',
        attempts: event.attempt,
        startedAt: startedAt ?? at,
        deadlineAt: deadlineMs === null ? null : after(at, deadlineMs),
      });
    }
    case 'undo_started': {
      const deadlineAt = after(at, compensationRetryMs(firstMs, event.attempt));
      return change(event.step, { state: 'undoing', attempts: event.attempt, endedAt: null, deadlineAt });
    }
    case 'step_done':
      return change(event.step, { state: 'done', endedAt: at, deadlineAt: null });
    case 'step_failed':
      return change(event.step, { state: 'failed', endedAt: at, deadlineAt: null });
    case 'step_undone':
      return change(event.step, { state: 'undone', endedAt: at, deadlineAt: null });
    case 'turned_back':
      return { ...next, phase: 'compensating', reason: event.reason, detail: event.detail };
    case 'ended':
      return { ...next, phase: event.phase };
  }
}
