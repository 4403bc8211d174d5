import { netCaptured } from '../evidence/dossier.ts';
import { orderInvariant } from './invariant.ts';

export const l05 = orderInvariant({
  id: 'L5',
  name: 'Cancelled means compensated',
  kind: 'liveness',
  statement:
    'Every step that a cancelled order had completed is undone: its stock was given back, its money refunded, nothing left the warehouse.',
  deadlineMs: 30_000,
  check(dossier) {
    const { order, reservation, stockMovements } = dossier;
    if (order?.status !== 'cancelled') return { evidence: {}, problem: null };
    const evidence = {
      'cancelled orders': 1,
      'steps undone':
        (reservation?.state === 'released' || reservation?.state === 'expired' ? 1 : 0) +
        (dossier.movements.length > 1 ? 1 : 0),
    };
    const net = netCaptured(dossier);
    const goods = stockMovements.reduce((sum, { delta }) => sum + delta, 0);
    const left = [
      ...(reservation?.state === 'active' || reservation?.state === 'committed'
        ? [`its reservation is ${reservation.state}`]
        : []),
      ...(goods < 0 ? [`${-goods} pieces have left the warehouse`] : []),
      ...(net === 0 ? [] : [`the provider holds ${net} (minor units)`]),
    ];
    return { evidence, problem: left.length === 0 ? null : `The order is cancelled, but ${left.join(' and ')}.` };
  },
});
