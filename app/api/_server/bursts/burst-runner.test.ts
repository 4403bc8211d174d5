import { expect, test, vi } from 'vitest';
import { AppError } from '#contracts/errors.ts';
import type { Product } from '#contracts/http/catalogue.ts';
import type { OrderView } from '#contracts/http/history.ts';
import type { OrderStatus } from '#contracts/http/orders.ts';
import { type BurstSources, burstRunner } from './burst-runner.ts';
import { isOver } from './burst-state.ts';

const products = [
  { sku: 'LAMP-001', available: 5000, price: { amountMinor: 100, currency: 'EUR' } },
  { sku: 'LAMP-009', available: 3, price: { amountMinor: 100, currency: 'EUR' } },
] as Product[];
const timing = { settleMs: 2000, lookMs: 20, backoffMs: 1 };
const plan = { count: 6, ratePerSecond: 500, seed: 1, mix: { happy: 4, declined: 1, outOfStock: 1 } };

type Draft = Parameters<BurstSources['gateway']['place']>[0];

/** A gateway that answers by `place`, and a read model in which every accepted order ends as its payment says. */
function fleet(place: (draft: Draft, key: string) => Promise<string> | string) {
  const ended: { id: string; status: OrderStatus }[] = [];
  const placed: { draft: Draft; key: string }[] = [];
  const sources = {
    gateway: {
      products: async () => ({ items: products }),
      place: async (draft: Draft, key: string) => {
        placed.push({ draft, key });
        const id = await place(draft, key);
        const sold = draft.payment.token === 'tok_visa' && draft.items.every(({ sku }) => sku !== 'LAMP-009');
        ended.push({ id, status: sold ? 'confirmed' : 'cancelled' });
        return { id };
      },
    },
    history: {
      orders: async () => ({ orders: ended as OrderView[], hasMore: false }),
      stream: () => {
        throw new AppError('unavailable', 'history does not answer');
      },
    },
  } as unknown as BurstSources;
  return { runner: burstRunner(sources, timing), placed };
}

let serial = 0;
const nextId = () => `order-${++serial}`;

test('a burst places its mix and counts how each order ended, also without the stream', async () => {
  const { runner, placed } = fleet(nextId);
  runner.start(plan);
  await vi.waitFor(() => expect(runner.current()?.phase).toBe('finished'));
  expect(runner.current()).toMatchObject({ accepted: 6, confirmed: 4, cancelled: 2, refused: 0, putOff: 0 });
  expect(placed.filter(({ draft }) => draft.payment.token === 'tok_declined')).toHaveLength(1);
});

test('429 with Retry-After holds the burst back and the order is tried again with its own key', async () => {
  let refusals = 1;
  const times: number[] = [];
  const { runner, placed } = fleet(() => {
    times.push(performance.now());
    if (refusals-- > 0) throw new AppError('rate_limited', 'slow down', { retryAfterSeconds: 0.2 });
    return nextId();
  });
  runner.start({ ...plan, count: 1 });
  await vi.waitFor(() => expect(runner.current()?.phase).toBe('finished'));
  expect(runner.current()).toMatchObject({ accepted: 1, putOff: 1, waiting: 0 });
  expect(new Set(placed.map(({ key }) => key)).size).toBe(1);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(190);
});

test('what the gateway refuses is counted with its reason and not tried again', async () => {
  const { runner, placed } = fleet(() => {
    throw new AppError('unprocessable', 'no product has the SKU X');
  });
  runner.start({ ...plan, count: 2 });
  await vi.waitFor(() => expect(runner.current()?.phase).toBe('finished'));
  expect(runner.current()).toMatchObject({ accepted: 0, refused: 2, problem: 'no product has the SKU X' });
  expect(placed).toHaveLength(2);
});

test('one burst at a time; a cancelled one places no more', async () => {
  const { runner, placed } = fleet(nextId);
  const { id } = runner.start({ ...plan, count: 200, ratePerSecond: 5 });
  expect(() => runner.start(plan)).toThrow('a burst is running');
  await vi.waitFor(() => expect(placed.length).toBeGreaterThan(0));
  runner.cancel(id);
  await vi.waitFor(() => expect(runner.current()).toSatisfy((state) => state !== null && isOver(state)));
  expect(runner.current()?.phase).toBe('cancelled');
  expect(placed.length).toBeLessThan(200);
});
