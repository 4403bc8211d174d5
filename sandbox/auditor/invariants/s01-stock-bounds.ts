import { fleetInvariant } from './invariant.ts';

export type StockLevels = { sku: string; onHand: number; reserved: number }[];

export const s01 = fleetInvariant<StockLevels>({
  id: 'S1',
  name: 'Stock stays within its bounds',
  kind: 'safety',
  statement:
    'For every SKU the stock on hand and the reserved part are not negative, and no more is reserved than there is.',
  deadlineMs: null,
  everyMs: 3_000,
  load: ({ databases }) =>
    databases.query('inventory', 'select sku, on_hand as "onHand", reserved from stock order by sku'),
  check: (levels) => ({
    evidence: { SKUs: levels.length },
    violations: levels
      .filter(({ onHand, reserved }) => onHand < 0 || reserved < 0 || reserved > onHand)
      .map(({ sku, onHand, reserved }) => ({
        subject: sku,
        orderId: null,
        problem: `${sku}: ${reserved} reserved of ${onHand} on hand.`,
      })),
  }),
});
