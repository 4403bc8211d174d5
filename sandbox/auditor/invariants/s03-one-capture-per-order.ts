import { netCaptured } from '../evidence/dossier.ts';
import { orderInvariant } from './invariant.ts';

export const s03 = orderInvariant({
  id: 'S3',
  name: 'One capture per order',
  kind: 'safety',
  statement:
    'The provider has taken the money of an order at most once: captures minus refunds are nothing or exactly its total, and our books show no movement that the provider’s own ledger does not.',
  deadlineMs: null,
  check(dossier) {
    const { order, movements, bookings } = dossier;
    if (movements.length === 0 && bookings.length === 0) return { evidence: {}, problem: null };
    const evidence = { orders: 1, 'provider movements': movements.length };
    const refunded = new Set(movements.filter(({ kind }) => kind === 'refund').map(({ chargeId }) => chargeId));
    const open = movements.filter(({ kind, chargeId }) => kind === 'capture' && !refunded.has(chargeId));
    if (open.length > 1) {
      return {
        evidence,
        problem: `The provider captured ${open.length} times: ${open.map(({ chargeId }) => chargeId).join(', ')}.`,
      };
    }
    const net = netCaptured(dossier);
    const total = order?.totalMinor ?? 0;
    if (net !== 0 && net !== total) {
      return { evidence, problem: `The provider holds ${net}, the order’s total is ${total} (minor units).` };
    }
    const theirs = movements.map(({ chargeId, refundId }) => refundId ?? chargeId).sort();
    const ours = bookings.map(({ providerReference }) => providerReference).sort();
    const invented = ours.filter((reference) => !theirs.includes(reference));
    if (invented.length > 0)
      return { evidence, problem: `Booked, but unknown to the provider: ${invented.join(', ')}.` };
    return { evidence, problem: null };
  },
});
