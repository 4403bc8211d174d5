import type { Order } from '#contracts/http/orders.ts';
import { products } from '#contracts/seed/products.ts';
import { startFleet } from '../tests/support/fleet.ts';
import { openShop, type Shop } from '../tests/support/shop.ts';
import type { BenchResult } from './result.ts';
import { percentile } from './statistics.ts';

const warmUp = { ratePerSecond: 10, seconds: 5 };
const light = { ratePerSecond: 20, seconds: 20 };
const steps = [50, 100, 150].map((ratePerSecond) => ({ ratePerSecond, seconds: 10 }));

const plenty = products.filter((product) => product.initialStock >= 1000);

type Outcome = {
  acceptedMs: number[];
  sagaMs: number[];
  refused: number;
  unfinished: number;
  drainedAfterSeconds: number;
};

/**
 * Orders at a constant, open-loop rate: latency counts from when a request was due, not from when it was sent. Saga time
 * is from the order's creation to its end, by the order's own timestamps.
 */
export async function run(): Promise<BenchResult[]> {
  const fleet = await startFleet({ without: ['console'] });
  try {
    const shop = await openShop(fleet);
    await offer(shop, warmUp);
    const calm = await offer(shop, light);
    const results: BenchResult[] = [
      {
        name: `accepted p50 at ${light.ratePerSecond}/s`,
        value: percentile(calm.acceptedMs, 0.5),
        unit: 'ms',
        budget: null,
      },
      {
        name: `accepted p95 at ${light.ratePerSecond}/s`,
        value: percentile(calm.acceptedMs, 0.95),
        unit: 'ms',
        budget: '≤ 25 ms',
      },
      {
        name: `saga confirmed p50 at ${light.ratePerSecond}/s`,
        value: percentile(calm.sagaMs, 0.5),
        unit: 'ms',
        budget: null,
      },
      {
        name: `saga confirmed p95 at ${light.ratePerSecond}/s`,
        value: percentile(calm.sagaMs, 0.95),
        unit: 'ms',
        budget: '≤ 250 ms',
      },
    ];
    for (const step of steps) {
      const outcome = await offer(shop, step);
      const label = `at ${step.ratePerSecond}/s offered`;
      results.push(
        { name: `${label}: accepted p95`, value: percentile(outcome.acceptedMs, 0.95), unit: 'ms', budget: null },
        { name: `${label}: saga p95`, value: percentile(outcome.sagaMs, 0.95), unit: 'ms', budget: null },
        {
          name: `${label}: finished per second until drained`,
          value: outcome.sagaMs.length / (step.seconds + outcome.drainedAfterSeconds),
          unit: '/s',
          budget: '≥ 100/s',
        },
        {
          name: `${label}: refused or unfinished`,
          value: outcome.refused + outcome.unfinished,
          unit: 'orders',
          budget: '0',
        },
      );
    }
    return results;
  } finally {
    await fleet.stop();
  }
}

async function offer(
  shop: Shop,
  { ratePerSecond, seconds }: { ratePerSecond: number; seconds: number },
): Promise<Outcome> {
  const acceptedMs: number[] = [];
  const ids = new Set<string>();
  let refused = 0;
  const started = performance.now();
  const calls: Promise<void>[] = [];
  for (let n = 0; n < ratePerSecond * seconds; n += 1) {
    const due = started + (n * 1000) / ratePerSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const items = [{ sku: plenty[n % plenty.length]?.sku ?? '', qty: 1 + (n % 2) }];
    calls.push(
      shop.place({ items }).then(
        (answer) => {
          if (answer.status !== 202) refused += 1;
          else {
            ids.add(String(answer.body.id));
            acceptedMs.push(performance.now() - due);
          }
        },
        () => {
          refused += 1;
        },
      ),
    );
  }
  await Promise.all(calls);
  const offeredUntil = performance.now();
  const sagaMs = await finished(shop, ids);
  return {
    acceptedMs,
    sagaMs,
    refused,
    unfinished: ids.size,
    drainedAfterSeconds: (performance.now() - offeredUntil) / 1000,
  };
}

/** Waits up to 60 s for the orders; removes those that ended from `ids` and gives their saga times. */
async function finished(shop: Shop, ids: Set<string>): Promise<number[]> {
  const sagaMs: number[] = [];
  const deadline = performance.now() + 60_000;
  while (ids.size > 0 && performance.now() < deadline) {
    let before: string | null = null;
    for (let page = 0; page < 20 && ids.size > 0; page += 1) {
      const { body } = await shop.request('GET', `/orders?limit=500${before ? `&before=${before}` : ''}`);
      const orders = body.orders as (Order & { finishedAt: string | null })[];
      for (const order of orders) {
        if (order.finishedAt && ids.delete(order.id))
          sagaMs.push(Date.parse(order.finishedAt) - Date.parse(order.createdAt));
      }
      before = orders.at(-1)?.id ?? null;
      if (!body.hasMore) break;
    }
    if (ids.size > 0) await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return sagaMs;
}
