import type { OrderView, TimelineEntry } from '#contracts/http/history.ts';

/** Steps of the choreographed saga, in the order of the happy path, then of its undoing. */
export const stepIds = [
  'created',
  'screened',
  'reserved',
  'paid',
  'confirmed',
  'committed',
  'invoiced',
  'notified',
  'released',
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
  },
  paid: {
    title: 'Paid',
    service: 'billing',
    done: 'payment.succeeded',
    failed: (entry) => entry.event === 'payment.failed',
    after: ['reserved'],
  },
  confirmed: { title: 'Confirmed', service: 'orders', done: 'order.confirmed', after: ['paid'] },
  committed: { title: 'Shipped', service: 'inventory', done: 'inventory.committed', after: ['confirmed'] },
  invoiced: { title: 'Invoiced', service: 'workers', done: 'invoice.issued', after: ['confirmed'] },
  notified: { title: 'Notified', service: 'workers', done: 'notification.sent', after: ['confirmed'] },
  released: { title: 'Released', service: 'inventory', done: 'inventory.released', after: ['paid'] },
  cancelled: {
    title: 'Cancelled',
    service: 'orders',
    done: 'order.cancelled',
    after: ['released', 'reserved', 'screened'],
  },
  apologised: { title: 'Notified', service: 'workers', done: 'notification.sent', after: ['cancelled'] },
};

const failureTitles: Partial<Record<StepId, string>> = {
  screened: 'Fraud suspected',
  reserved: 'Out of stock',
  paid: 'Payment failed',
};

/** Where the failure of a step leads. */
const undoing: Partial<Record<StepId, readonly StepId[]>> = {
  screened: ['cancelled', 'apologised'],
  reserved: ['cancelled', 'apologised'],
  paid: ['released', 'cancelled', 'apologised'],
};

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
      (one) => (one.event === rule.done || rule.failed?.(one)) && (kind === null || one.data.kind === kind),
    );
    if (entry) endOf.set(id, { entry, failed: rule.failed?.(entry) ?? false });
  }
  const failedStep = mainLine.find((id) => endOf.get(id)?.failed) ?? null;
  const cancelled = order.status === 'cancelled' || endOf.has('cancelled');
  const failing = failedStep !== null || cancelled || order.status === 'compensating';
  const released = endOf.has('released');
  const expected = new Set<StepId>(failedStep ? undoing[failedStep] : failing ? ['cancelled', 'apologised'] : []);
  if (order.status === 'compensating') for (const id of undoing.paid ?? []) expected.add(id);

  return stepIds.map((id): SagaStep => {
    const rule = rules[id];
    const end = endOf.get(id) ?? null;
    const startedAtMs = startOf(id, endOf, failing, Date.parse(order.createdAt));
    const endedAtMs = end ? Date.parse(end.entry.occurredAt) : null;
    const onWay = failing ? expected.has(id) : !isUndoing(id);
    const state: StepState = end
      ? end.failed
        ? 'failed'
        : id === 'reserved' && released
          ? 'compensated'
          : 'done'
      : !onWay
        ? 'skipped'
        : startedAtMs !== null
          ? 'running'
          : 'pending';
    return {
      id,
      title: (end?.failed ? failureTitles[id] : null) ?? rule.title,
      service: end?.entry.producer ?? rule.service,
      state,
      entry: end?.entry ?? null,
      startedAtMs,
      durationMs: endedAtMs !== null && startedAtMs !== null ? Math.max(0, endedAtMs - startedAtMs) : null,
      detail: end ? detailOf(id, end.entry) : null,
    };
  });
}

export function isUndoing(id: StepId): boolean {
  return id === 'released' || id === 'cancelled' || id === 'apologised';
}

type Ends = ReadonlyMap<StepId, { entry: TimelineEntry; failed: boolean }>;

/** When what the step waits for had happened; null while it has not. */
function startOf(id: StepId, ends: Ends, failing: boolean, createdAtMs: number): number | null {
  if (id === 'created') return createdAtMs;
  const before = rules[id].after.map((one) => ({ one, end: ends.get(one) })).find(({ end }) => end !== undefined);
  if (!before?.end) return null;
  // Undoing begins with a failure, going on with a success.
  if (id === 'released' && !before.end.failed) return null;
  if (id === 'cancelled' && before.one !== 'released' && (!before.end.failed || !failing)) return null;
  if (!isUndoing(id) && before.end.failed) return null;
  return Date.parse(before.end.entry.occurredAt);
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
  const failedAt = cancelReason === 'fraud_suspected' ? 1 : cancelReason === 'out_of_stock' ? 2 : 3;
  return mainLine.map((id, index) => {
    if (index === failedAt) return 'failed';
    if (index > failedAt) return 'skipped';
    return id === 'reserved' && reservationId !== null && status === 'cancelled' ? 'compensated' : 'done';
  });
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
