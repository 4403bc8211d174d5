import { topics } from '#contracts/events/topics.ts';
import { eventsOf } from '../evidence/dossier.ts';
import { orderInvariant } from './invariant.ts';

export const s11 = orderInvariant({
  id: 'S11',
  name: 'The price is the quoted one',
  kind: 'safety',
  statement:
    'Each line costs what the price list says of the version that its signed quote used, and the order, its first event and its charge name the same amount.',
  deadlineMs: null,
  check(dossier) {
    const { order, prices, charges } = dossier;
    if (order === null || order.lines.length === 0) return { evidence: {}, problem: null };
    const evidence = { orders: 1, lines: order.lines.length };
    for (const { sku, qty, unitMinor, lineMinor, priceVersion } of order.lines) {
      const price = prices.find((row) => row.sku === sku && row.version === priceVersion);
      if (price === undefined)
        return { evidence, problem: `${sku} was sold at version ${priceVersion} of its price, which does not exist.` };
      if (price.amountMinor !== unitMinor || price.currency !== order.currency || lineMinor !== unitMinor * qty) {
        return {
          evidence,
          problem: `${qty} × ${sku} cost ${lineMinor}; version ${priceVersion} of its price is ${price.amountMinor} ${price.currency}.`,
        };
      }
    }
    const created = eventsOf(dossier, topics.orders).find(({ event }) => event === 'order.created');
    if (created && created.facts.quoteId !== order.quoteId) {
      return {
        evidence,
        problem: `The order rests on quote ${order.quoteId}, its first event on ${created.facts.quoteId}.`,
      };
    }
    const wrong = charges.find(
      ({ amountMinor, currency }) => amountMinor !== order.totalMinor || currency !== order.currency,
    );
    if (wrong)
      return {
        evidence,
        problem: `Charge ${wrong.id} is over ${wrong.amountMinor} ${wrong.currency}, the order over ${order.totalMinor} ${order.currency}.`,
      };
    return { evidence, problem: null };
  },
});
