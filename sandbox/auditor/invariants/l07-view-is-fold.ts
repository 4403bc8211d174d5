import { distinctRecords } from '../evidence/dossier.ts';
import type { TopicRecord } from '../evidence/topic-record.ts';
import { orderInvariant } from './invariant.ts';

/** What the view must say, folded here from the messages on the topics and by no code of history's. */
export function expectedView(records: readonly TopicRecord[]): Record<string, unknown> | null {
  const events = distinctRecords(records).filter(({ topic }) => topic.endsWith('.events'));
  const of = (name: string) => events.find(({ event }) => event === name) ?? null;
  const created = of('order.created');
  if (created === null) return null;
  const end = of('order.confirmed') ?? of('order.cancelled');
  return {
    ...(end === null ? {} : { status: end.event === 'order.confirmed' ? 'confirmed' : 'cancelled' }),
    'total.amountMinor': created.facts.totalMinor,
    cancelReason: of('order.cancelled')?.facts.reason ?? null,
    reservationId: of('inventory.reserved')?.facts.reservationId ?? null,
    chargeId: (of('order.confirmed') ?? of('payment.succeeded'))?.facts.chargeId ?? null,
    invoiceNumber: of('invoice.issued')?.facts.invoiceNumber ?? null,
    notifications: events.filter(({ event }) => event === 'notification.sent').length,
  };
}

export const l07 = orderInvariant({
  id: 'L7',
  name: 'The view is the fold of the events',
  kind: 'liveness',
  statement: 'What history shows of an order is what follows from its messages on the topics, no more and no less.',
  deadlineMs: 15_000,
  check({ records, recordsComplete, view }) {
    const expected = recordsComplete ? expectedView(records) : null;
    if (expected === null) return { evidence: {}, problem: null };
    const evidence = { views: 1, 'events folded': distinctRecords(records).length };
    if (view === null) return { evidence, problem: 'history has no view of it.' };
    const wrong = Object.entries(expected).filter(([path, value]) => (read(view, path) ?? null) !== value);
    return {
      evidence,
      problem:
        wrong.length === 0
          ? null
          : `The view differs from its events: ${wrong.map(([path, value]) => `${path} is ${read(view, path)}, not ${value}`).join('; ')}.`,
    };
  },
});

function read(view: Record<string, unknown>, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | null)?.[name], view);
}
