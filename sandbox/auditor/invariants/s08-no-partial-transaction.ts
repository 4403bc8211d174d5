import { topics } from '#contracts/events/topics.ts';
import { aggregates, missingVersions } from '../evidence/aggregates.ts';
import { eventsOf } from '../evidence/dossier.ts';
import { orderInvariant } from './invariant.ts';

export const s08 = orderInvariant({
  id: 'S8',
  name: 'No partial transaction',
  kind: 'safety',
  statement:
    'A change, its lines and the message that announces it exist together or not at all: order ⇔ lines ⇔ outbox row, payment ⇔ ledger transaction, reservation ⇔ lines.',
  deadlineMs: null,
  check(dossier) {
    const { order, reservation, payment, bookings, recordsComplete } = dossier;
    const rows = [order, reservation, payment].filter((row) => row !== null).length;
    const created = eventsOf(dossier, topics.orders).find(({ event }) => event === 'order.created');
    const evidence = { rows, lines: (order?.lines.length ?? 0) + (reservation?.lines.length ?? 0) };
    const broken = (problem: string) => ({ evidence, problem });
    if (order === null && created !== undefined)
      return broken('order.created was published, and there is no such order.');
    if (order !== null) {
      const sum = order.lines.reduce((total, { lineMinor }) => total + lineMinor, 0);
      if (order.lines.length === 0) return broken('The order has no lines.');
      if (sum !== order.totalMinor) return broken(`The lines sum to ${sum}, the order’s total is ${order.totalMinor}.`);
      if (order.transitions.length === 0) return broken('The order has a status and no transition that led to it.');
      if (created !== undefined && created.facts.totalMinor !== order.totalMinor) {
        return broken(`order.created says ${created.facts.totalMinor}, the order’s total is ${order.totalMinor}.`);
      }
    }
    if (reservation?.reservationId && reservation.lines.length === 0) return broken('The reservation has no lines.');
    const booked = bookings.some(({ kind }) => kind === 'charge');
    if (payment !== null && (payment.chargeId !== null) !== booked) {
      return broken(
        booked ? 'A charge is booked, and the payment knows of none.' : 'The payment has a charge that is not booked.',
      );
    }
    if (recordsComplete) {
      for (const { name, topic, versionOf } of aggregates) {
        const [missing] = missingVersions(dossier, topic, versionOf(dossier));
        if (missing !== undefined) {
          return broken(
            `The ${name} counts ${versionOf(dossier)} events; version ${missing} is neither in the outbox nor on ${topic}.`,
          );
        }
      }
    }
    return { evidence: rows === 0 ? {} : evidence, problem: null };
  },
});
