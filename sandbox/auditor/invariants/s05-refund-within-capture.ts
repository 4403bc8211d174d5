import { orderInvariant } from './invariant.ts';

export const s05 = orderInvariant({
  id: 'S5',
  name: 'No more refunded than captured',
  kind: 'safety',
  statement: 'Refunds of a charge never exceed what was captured of it, so no balance becomes negative.',
  deadlineMs: null,
  check({ movements, bookings }) {
    const charges = new Set(movements.map(({ chargeId }) => chargeId));
    if (charges.size === 0) return { evidence: {}, problem: null };
    const evidence = { charges: charges.size, refunds: movements.filter(({ kind }) => kind === 'refund').length };
    for (const chargeId of charges) {
      const of = (kind: string) =>
        movements
          .filter((movement) => movement.chargeId === chargeId && movement.kind === kind)
          .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      if (of('refund') > of('capture')) {
        return {
          evidence,
          problem: `Charge ${chargeId}: ${of('refund')} refunded of ${of('capture')} captured (minor units).`,
        };
      }
    }
    const receivable = bookings
      .flatMap(({ entries }) => entries)
      .filter(({ account }) => account === 'provider_receivable')
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    if (receivable < 0)
      return { evidence, problem: `The books of this order are negative: ${receivable} (minor units).` };
    return { evidence, problem: null };
  },
});
