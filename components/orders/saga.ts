import type { OrderView, TimelineEntry } from '#contracts/http/history.ts';

/** Steps of an order's saga in either style, in the order of the happy path, then of its undoing. */
export const stepIds = [
  'created',
  'screened',
  'reserved',
  'paid',
  'confirmed',
  'committed',
  'invoiced',
  'notified',
  'compensating',
  'released',
  'refunded',
  'cancelled',
  'apologised',
] as const;
export type StepId = (typeof stepIds)[number];

/**
 * `pending` may still come, `running` is what everybody waits for, `compensated` was done and has been undone,
 * `skipped` can no longer come.
 */
export type StepState = 'pending' | 'running' | 'done' | 'failed' | 'compensated' | 'skipped';

export type SagaStep = {
  id: StepId;
  title: string;
  /** Process that takes the step. */
  service: string;
  state: StepState;
  /** Event that ended the step; null while it has not. */
  entry: TimelineEntry | null;
  /** Epoch milliseconds: when what it waited for had happened. Null while that has not. */
  startedAtMs: number | null;
  /** Milliseconds from there to its event. */
  durationMs: number | null;
  /** How it ended, a few words: `score 0.02`, `card_declined`. */
  detail: string | null;
  /** The orchestrator's latest command for it; null in a choreography, where nobody commands. */
  command: TimelineEntry | null;
  /** How often it was commanded, or, where nobody commands, 0. */
  attempts: number;
};

type Rule = {
  title: string;
  service: string;
  /** Event of success. */
  done: string;
  /** Event, or kind of it, that means failure. */
  failed?: (entry: TimelineEntry) => boolean;
  /** Steps whose end lets this one begin; the first that has ended counts. */
  after: readonly StepId[];
  /** What an orchestrator tells the process to have it done. */
  command?: string;
};

const mainLine: readonly StepId[] = ['created', 'screened', 'reserved', 'paid', 'confirmed'];

const rules: Record<StepId, Rule> = {
  created: { title: 'Created', service: 'orders', done: 'order.created', after: [] },
  screened: {
    title: 'Screened',
    service: 'orders',
    done: 'order.screened',
    failed: (entry) => entry.event === 'order.screened' && entry.data.decision === 'reject',
    after: ['created'],
  },
  reserved: {
    title: 'Reserved',
    service: 'inventory',
    done: 'inventory.reserved',
    failed: (entry) => entry.event === 'inventory.rejected',
    after: ['screened'],
    command: 'inventory.reserve',
  },
  paid: {
    title: 'Paid',
    service: 'billing',
    done: 'payment.succeeded',
    failed: (entry) => entry.event === 'payment.failed',
    after: ['reserved'],
    command: 'billing.charge',
  },
  confirmed: { title: 'Confirmed', service: 'orders', done: 'order.confirmed', after: ['paid'] },
  committed: {
    title: 'Shipped',
    service: 'inventory',
    done: 'inventory.committed',
    after: ['confirmed'],
    command: 'inventory.commit',
  },
  invoiced: {
    title: 'Invoiced',
    service: 'workers',
    done: 'invoice.issued',
    after: ['confirmed'],
    command: 'workers.issue_invoice',
  },
  notified: {
    title: 'Notified',
    service: 'workers',
    done: 'notification.sent',
    after: ['confirmed'],
    command: 'workers.notify_confirmed',
  },
  compensating: { title: 'Undoing', service: 'orders', done: 'order.compensating', after: ['paid'] },
  released: {
    title: 'Released',
    service: 'inventory',
    done: 'inventory.released',
    after: ['paid', 'compensating'],
    command: 'inventory.release',
  },
  refunded: {
    title: 'Refunded',
    service: 'billing',
    done: 'payment.refunded',
    after: ['compensating'],
    command: 'billing.undo',
  },
  cancelled: {
    title: 'Cancelled',
    service: 'orders',
    done: 'order.cancelled',
    after: ['refunded', 'released', 'compensating', 'reserved', 'screened'],
  },
  apologised: {
    title: 'Notified',
    service: 'workers',
    done: 'notification.sent',
    after: ['cancelled'],
    command: 'workers.notify_cancelled',
  },
};

const failureTitles: Partial<Record<StepId, string>> = {
  screened: 'Fraud suspected',
  reserved: 'Out of stock',
  paid: 'Payment failed',
};

/** What began the undoing, where no step failed. */
const triggerTitles: Record<string, string> = {
  customer_request: 'Cancel requested',
  payment_timeout: 'Payment timed out',
  reservation_timeout: 'Reserving timed out',
};

/** Where the failure of a step leads. An order that is undone for another reason may have to take back all of it. */
const undoing: Partial<Record<StepId, readonly StepId[]>> = {
  screened: ['cancelled', 'apologised'],
  reserved: ['cancelled', 'apologised'],
  paid: ['compensating', 'released', 'cancelled', 'apologised'],
};
/** What has to be done before an order that is undone is cancelled. */
const takenBack = ['released', 'refunded'] as const satisfies readonly StepId[];
const undoingAll: readonly StepId[] = ['compensating', 'released', 'refunded', 'cancelled', 'apologised'];

/** Every step of an order's saga, in the order of `stepIds`, from the events that are known. */
export function sagaSteps(
  order: Pick<OrderView, 'status' | 'createdAt'>,
  timeline: readonly TimelineEntry[],
): SagaStep[] {
  const endOf = new Map<StepId, { entry: TimelineEntry; failed: boolean }>();
  for (const id of stepIds) {
    const rule = rules[id];
    // One event tells of both notifications: which it was, it says itself.
    const kind = id === 'notified' ? 'order_confirmed' : id === 'apologised' ? 'order_cancelled' : null;
    const entry = timeline.find(
      (one) => (endsWith(id, one.event) || rule.failed?.(one)) && (kind === null || one.data.kind === kind),
    );
    if (entry) endOf.set(id, { entry, failed: rule.failed?.(entry) ?? false });
  }
  const failedStep = mainLine.find((id) => endOf.get(id)?.failed) ?? null;
  const cancelled = order.status === 'cancelled' || endOf.has('cancelled');
  const failing = failedStep !== null || cancelled || order.status === 'compensating' || endOf.has('compensating');
  const undone = new Map<StepId, boolean>([
    ['reserved', endOf.has('released')],
    ['paid', endOf.get('refunded')?.entry.event === 'payment.refunded'],
  ]);
  const expected = new Set(failing ? stillToUndo(failedStep, cancelled) : []);

  return stepIds.map((id): SagaStep => {
    const rule = rules[id];
    const end = endOf.get(id) ?? null;
    const commands = timeline.filter(({ event }) => event === rule.command);
    const waits = id === 'cancelled' && takenBack.some((one) => expected.has(one) && !endOf.has(one));
    const startedAtMs = waits ? null : startOf(id, endOf, failing, Date.parse(order.createdAt));
    const endedAtMs = end ? Date.parse(end.entry.occurredAt) : null;
    const onWay = failing ? expected.has(id) : !isUndoing(id);
    const state: StepState = end
      ? end.failed
        ? 'failed'
        : undone.get(id)
          ? 'compensated'
          : 'done'
      : !onWay
        ? 'skipped'
        : startedAtMs !== null
          ? 'running'
          : 'pending';
    return {
      id,
      title: titleOf(id, end),
      service: end?.entry.producer ?? rule.service,
      state,
      entry: end?.entry ?? null,
      startedAtMs,
      durationMs: endedAtMs !== null && startedAtMs !== null ? Math.max(0, endedAtMs - startedAtMs) : null,
      detail: end ? detailOf(id, end.entry) : null,
      command: commands.at(-1) ?? null,
      attempts: commands.length,
    };
  });
}

/** Steps of undoing that are to be expected. Once the order is cancelled only the customer has still to hear of it. */
function stillToUndo(failedStep: StepId | null, cancelled: boolean): readonly StepId[] {
  if (cancelled) return ['apologised'];
  return (failedStep && undoing[failedStep]) ?? undoingAll;
}

/** A charge that had not been made is forbidden instead of given back. */
function endsWith(id: StepId, event: string): boolean {
  return event === rules[id].done || (id === 'refunded' && event === 'payment.voided');
}

function titleOf(id: StepId, end: { entry: TimelineEntry; failed: boolean } | null): string {
  const failure = end?.failed ? failureTitles[id] : null;
  const trigger = id === 'compensating' ? triggerTitles[String(end?.entry.data.reason)] : null;
  const voided = id === 'refunded' && end?.entry.event === 'payment.voided' ? 'Charge voided' : null;
  return failure ?? trigger ?? voided ?? rules[id].title;
}

export function isUndoing(id: StepId): boolean {
  return undoingAll.includes(id);
}

type Ends = ReadonlyMap<StepId, { entry: TimelineEntry; failed: boolean }>;

/** When what the step waits for had happened; null while it has not. */
function startOf(id: StepId, ends: Ends, failing: boolean, createdAtMs: number): number | null {
  if (id === 'created') return createdAtMs;
  const before = rules[id].after.map((one) => ({ one, end: ends.get(one) })).find(({ end }) => end !== undefined);
  if (!before?.end) return null;
  const { failed, entry } = before.end;
  // Undoing begins with a failure, or with a decision; going on with a success.
  const undoes = isUndoing(before.one);
  if (isUndoing(id) ? !undoes && (!failed || !failing) : failed) {
    return id === 'released' ? endedAt(ends.get('compensating')) : null;
  }
  if (id !== 'cancelled') return Date.parse(entry.occurredAt);
  // It waits for everything that is taken back.
  return Math.max(Date.parse(entry.occurredAt), endedAt(ends.get('released')) ?? 0, endedAt(ends.get('refunded')) ?? 0);
}

function endedAt(end: { entry: TimelineEntry } | undefined): number | null {
  return end ? Date.parse(end.entry.occurredAt) : null;
}

function detailOf(id: StepId, { data }: TimelineEntry): string | null {
  const text = (value: unknown) => (typeof value === 'string' ? value.replaceAll('_', ' ') : null);
  switch (id) {
    case 'screened':
      return typeof data.score === 'number' ? `score ${data.score.toFixed(2)}` : null;
    case 'paid':
      return text(data.declineCode);
    case 'reserved':
      return shortage(data.shortages);
    case 'invoiced':
      return typeof data.invoiceNumber === 'string' ? data.invoiceNumber : null;
    case 'compensating':
    case 'refunded':
    case 'cancelled':
      return text(data.reason);
    default:
      return null;
  }
}

function shortage(value: unknown): string | null {
  const first: unknown = Array.isArray(value) ? value[0] : null;
  if (typeof first !== 'object' || first === null) return null;
  const { sku, requested, available } = first as Record<string, unknown>;
  return `${sku}: ${available} of ${requested}`;
}

/** The step that everybody waits for; null when the order has ended or its next step is not known. */
export function waitingFor(steps: readonly SagaStep[]): SagaStep | null {
  return steps.find(({ state, id }) => state === 'running' && !isAfterwards(id)) ?? null;
}

/** Steps after the order's end, which nobody waits for. */
export function isAfterwards(id: StepId): boolean {
  return id === 'committed' || id === 'invoiced' || id === 'notified' || id === 'apologised';
}

/** The main line of the saga as far as the view of a list tells it: a strip of five. */
export function sagaStrip(order: Pick<OrderView, 'status' | 'cancelReason' | 'reservationId'>): StepState[] {
  const { status, cancelReason, reservationId } = order;
  const reached = { created: 1, screened: 2, reserved: 3, paid: 4, confirmed: 5 } as const;
  if (status !== 'cancelled' && status !== 'compensating') {
    return mainLine.map((_, index) =>
      index < reached[status] ? 'done' : index === reached[status] ? 'running' : 'pending',
    );
  }
  const failedAt = failedAtOf(cancelReason);
  return mainLine.map((id, index) => {
    if (index === failedAt) return 'failed';
    if (index > failedAt) return 'skipped';
    return id === 'reserved' && reservationId !== null && status === 'cancelled' ? 'compensated' : 'done';
  });
}

/** Place on the strip at which an order broke off, as far as the reason tells. */
function failedAtOf(reason: OrderView['cancelReason']): number {
  switch (reason) {
    case 'fraud_suspected':
      return 1;
    case 'out_of_stock':
    case 'reservation_timeout':
      return 2;
    default:
      return 3;
  }
}

/** The whole in a sentence: where it is, or how it ended and what took longest. `text` formats milliseconds. */
export function sagaCaption(
  order: Pick<OrderView, 'status' | 'createdAt' | 'finishedAt' | 'cancelReason'>,
  steps: readonly SagaStep[],
  text: (ms: number) => string,
): string {
  const waiting = waitingFor(steps);
  if (order.finishedAt === null) return waiting ? `waiting for ${waiting.service}` : 'on its way';
  const tookMs = Date.parse(order.finishedAt) - Date.parse(order.createdAt);
  const why = order.status === 'cancelled' && order.cancelReason ? `, ${order.cancelReason.replaceAll('_', ' ')}` : '';
  const timed = steps.filter(({ id, durationMs }) => durationMs !== null && id !== 'created' && !isAfterwards(id));
  const slowest = timed.toSorted((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0))[0];
  const slow = slowest
    ? `; slowest: ${slowest.title.toLowerCase()}, ${text(slowest.durationMs ?? 0)} in ${slowest.service}`
    : '';
  return `${order.status} in ${text(tookMs)}${why}${slow}`;
}
