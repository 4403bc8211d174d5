import { netCaptured, terminal } from '../evidence/dossier.ts';
import { type OrderFindings, orderInvariant } from './invariant.ts';

export const l04 = orderInvariant({
  id: 'L4',
  name: 'No orphan charge',
  kind: 'liveness',
  statement:
    'Money that the provider has captured belongs to a confirmed order, or was refunded; a confirmed order was paid, and every movement at the provider is in our books.',
  deadlineMs: 30_000,
  check(dossier): OrderFindings {
    const { order, movements, bookings } = dossier;
    const net = netCaptured(dossier);
    if (order === null) {
      return movements.length === 0
        ? { evidence: {}, problem: null }
        : {
            evidence: { orders: 1 },
            problem: net === 0 ? null : `The provider holds ${net} (minor units) for an order that does not exist.`,
          };
    }
    if (!terminal.has(order.status)) return { evidence: {}, problem: null };
    const evidence = { orders: 1, captures: movements.filter(({ kind }) => kind === 'capture').length };
    const wanted = order.status === 'confirmed' ? order.totalMinor : 0;
    if (net !== wanted) {
      const problem = `The order is ${order.status}; the provider holds ${net} of it instead of ${wanted} (minor units).`;
      return { evidence, problem };
    }
    const ours = new Set(bookings.map(({ providerReference }) => providerReference));
    const unbooked = movements.map(({ chargeId, refundId }) => refundId ?? chargeId).filter((id) => !ours.has(id));
    const problem = `The provider moved money that is not booked: ${unbooked.join(', ')}.`;
    return { evidence, problem: unbooked.length === 0 ? null : problem };
  },
});
