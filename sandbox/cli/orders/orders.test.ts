import { expect, test } from 'vitest';
import type { Product } from '#contracts/http/catalogue.ts';
import { OrderCreate } from '#contracts/http/orders.ts';
import { makeOrder, presets } from './make-order.ts';
import type { Outcome } from './place-orders.ts';
import { percentiles, summarise } from './summary.ts';

function product(sku: string, available: number): Product {
  const stock = { onHand: available, reserved: 0, available };
  return {
    sku,
    name: sku,
    description: '',
    category: 'office',
    ...stock,
    price: { amountMinor: 100, currency: 'EUR' },
  };
}
const products = [product('LAMP-1', 50), product('LAMP-2', 3), product('LAMP-3', 5_000), product('LAMP-4', 20)];

function sequence(...values: number[]): () => number {
  let index = 0;
  return () => values[index++ % values.length] ?? 0;
}

test('every preset makes an order that the contract accepts', () => {
  for (const preset of [null, ...presets]) {
    for (const seed of [0, 0.3, 0.99]) {
      OrderCreate.parse(makeOrder(products, preset, sequence(seed, 0.1, 0.5, 0.9, 0.7)));
    }
  }
});

test('out of stock asks for more than there is of the scarcest product', () => {
  expect(makeOrder(products, 'out-of-stock', () => 0).items).toEqual([{ sku: 'LAMP-2', qty: 4 }]);
});

test('declined pays with the card that is declined', () => {
  expect(makeOrder(products, 'declined', sequence(0, 0.4, 0.8)).payment).toEqual({ token: 'tok_declined' });
});

test('an ordinary order never takes what is nearly gone', () => {
  for (let seed = 0; seed < 1; seed += 0.05) {
    const { items } = makeOrder(products, null, sequence(seed, 0.5, 0.9, 0.1));
    expect(items.map((item) => item.sku)).not.toContain('LAMP-2');
  }
});

test('a catalogue without prices is told apart from an empty shelf', () => {
  const unpriced = products.map((each) => ({ ...each, price: null }));
  expect(() => makeOrder(unpriced, null, () => 0)).toThrow(/no product has a price/);
  expect(() => makeOrder([product('LAMP-1', 2)], null, () => 0)).toThrow(/no product is in stock/);
});

test('percentiles are nearest-rank and ignore what is unknown', () => {
  expect(percentiles([3, null, 1, 2, 4])).toEqual({ p50: 2, p95: 4, max: 4 });
  expect(percentiles([null])).toEqual({ p50: null, p95: null, max: null });
});

test('the summary tells acknowledged, refused, ended and open apart', () => {
  const order = (id: string | null, status: string): Outcome => ({
    id,
    status,
    cancelReason: null,
    traceId: null,
    acceptedMs: null,
    finishedMs: null,
    error: null,
  });
  const orders = [order('a', 'confirmed'), order('b', 'cancelled'), order('c', 'reserved'), order(null, 'refused')];
  expect(summarise(orders)).toMatchObject({
    requested: 4,
    acknowledged: 3,
    refused: 1,
    terminal: 2,
    byStatus: { confirmed: 1, cancelled: 1, reserved: 1, refused: 1 },
    open: ['c'],
  });
});
