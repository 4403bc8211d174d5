import { orderInvariant } from './invariant.ts';

/** Longest life of the price list in the cache of pricing (PRICE_CACHE_TTL_MS), and the way from quote to order. */
const ttlMs = 5_000;
const slackMs = 2_000;

export const l09 = orderInvariant({
  id: 'L9',
  name: 'No cache outlives its TTL',
  kind: 'liveness',
  statement:
    'The price list is cached for five seconds at most: no order uses a price that had been replaced longer ago.',
  deadlineMs: null,
  check({ order, prices }) {
    if (order === null || order.lines.length === 0) return { evidence: {}, problem: null };
    const evidence = { 'order lines': order.lines.length };
    for (const { sku, priceVersion } of order.lines) {
      const next = prices.find((row) => row.sku === sku && row.version === priceVersion + 1);
      const staleMs = next === undefined ? 0 : Date.parse(order.createdAt) - Date.parse(next.validFrom);
      if (staleMs > ttlMs + slackMs) {
        return {
          evidence,
          problem: `${sku} was sold at version ${priceVersion} of its price, ${Math.round(staleMs / 1000)} s after the next one was valid.`,
        };
      }
    }
    return { evidence, problem: null };
  },
});
