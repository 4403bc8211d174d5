import type { CommandName } from '#contracts/events/commands.ts';
import type { CancelReason } from '#contracts/http/orders.ts';
import type { SagaStepKind } from '#contracts/http/sagas.ts';

export type StepName =
  | 'price'
  | 'screen'
  | 'reserve'
  | 'charge'
  | 'confirm'
  | 'ship'
  | 'invoice'
  | 'notify'
  | 'apologise';

export type StepDefinition = {
  name: StepName;
  /** Process that does it. */
  service: string;
  kind: SagaStepKind;
  /** Command that does it; null when orders does it itself. */
  do: CommandName | null;
  /** Command that undoes it; null when there is nothing to undo. */
  undo: CommandName | null;
  /** Time for one try, milliseconds; null when only the payment deadline of the order bounds it. */
  deadlineMs: number | null;
  /** Tries before the saga turns back; null: for ever. */
  attempts: number | null;
  /** Why the order is cancelled when the tries are used up. */
  gaveUp: CancelReason | null;
};

/**
 * The saga of an order, from top to bottom. Up to the pivot every step can be undone and the saga may turn back; after
 * it there is only forward, so those steps are tried for ever. `price` is done before the order is accepted. `apologise`
 * is the only step of an order that was cancelled.
 */
// biome-ignore format: a table reads by its columns
export const steps: readonly StepDefinition[] = [
  { name: 'price',     service: 'pricing',   kind: 'compensatable', do: null,                       undo: null,                deadlineMs: null,   attempts: 1,    gaveUp: null },
  { name: 'screen',    service: 'orders',    kind: 'compensatable', do: null,                       undo: null,                deadlineMs: null,   attempts: 1,    gaveUp: null },
  { name: 'reserve',   service: 'inventory', kind: 'compensatable', do: 'inventory.reserve',        undo: 'inventory.release', deadlineMs: 15_000, attempts: 3,    gaveUp: 'reservation_timeout' },
  { name: 'charge',    service: 'billing',   kind: 'pivot',         do: 'billing.charge',           undo: 'billing.undo',      deadlineMs: null,   attempts: 1,    gaveUp: null },
  { name: 'confirm',   service: 'orders',    kind: 'retriable',     do: null,                       undo: null,                deadlineMs: null,   attempts: null, gaveUp: null },
  { name: 'ship',      service: 'inventory', kind: 'retriable',     do: 'inventory.commit',         undo: null,                deadlineMs: 30_000, attempts: null, gaveUp: null },
  { name: 'invoice',   service: 'workers',   kind: 'retriable',     do: 'workers.issue_invoice',    undo: null,                deadlineMs: 30_000, attempts: null, gaveUp: null },
  { name: 'notify',    service: 'workers',   kind: 'retriable',     do: 'workers.notify_confirmed', undo: null,                deadlineMs: 30_000, attempts: null, gaveUp: null },
  { name: 'apologise', service: 'workers',   kind: 'retriable',     do: 'workers.notify_cancelled', undo: null,                deadlineMs: 30_000, attempts: null, gaveUp: null },
];

/** The steps of a sale, in order. */
export const saleSteps: readonly StepDefinition[] = steps.filter(({ name }) => name !== 'apologise');

export function stepNamed(name: StepName): StepDefinition {
  const found = steps.find((step) => step.name === name);
  if (found === undefined) throw new Error(`the saga has no step ${name}`);
  return found;
}
