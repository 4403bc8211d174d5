import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalQuote } from '#contracts/grpc/quote.ts';
import { demoShopper } from '#contracts/seed/customers.ts';
import { products } from '#contracts/seed/products.ts';
import type { PriceList } from './basket.ts';
import { makeQuote } from './make-quote.ts';

const priceList: PriceList = new Map(
  products.map(({ sku, name, price }) => [sku, { sku, name, price, version: 1 }] as const),
);
const deps = {
  priceList: async () => priceList,
  now: () => Date.parse('2026-11-22T10:00:00.000Z'),
  newId: () => '01890000-0000-7000-8000-000000000001',
  signingKey: 'a signing key',
};
const never = new AbortController().signal;
const quote = (items: unknown, list: PriceList = priceList) =>
  makeQuote({ customerId: demoShopper.id, items }, { ...deps, priceList: async () => list }, never);

test('prices every line with its version, totals them and expires after ten minutes', async () => {
  const made = await quote([
    { sku: 'LAMP-001', qty: 2 },
    { sku: 'GAME-001', qty: 1 },
  ]);
  expect(made.lines).toEqual([
    { sku: 'LAMP-001', qty: 2, name: 'Halden desk lamp', unitMinor: 6900, lineMinor: 13800, priceVersion: 1 },
    {
      sku: 'GAME-001',
      qty: 1,
      name: 'Old Town jigsaw puzzle, 1000 pieces',
      unitMinor: 1990,
      lineMinor: 1990,
      priceVersion: 1,
    },
  ]);
  expect(made).toMatchObject({ totalMinor: 15790, currency: 'EUR', expiresAt: '2026-11-22T10:10:00.000Z' });
});

test('the signature is the HMAC of the canonical quote', async () => {
  const made = await quote([{ sku: 'LAMP-001', qty: 1 }]);
  expect(made.signature).toBe(createHmac('sha256', 'a signing key').update(canonicalQuote(made)).digest('base64url'));
});

test('an unknown SKU is not found, by name', async () => {
  await expect(quote([{ sku: 'LAMP-999', qty: 1 }])).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringContaining('LAMP-999'),
  });
});

test.each([0, -1, 1.5, 1e9, Number.NaN, '2', null])(
  'quantity %s is invalid, and the message names the SKU',
  async (qty) => {
    await expect(quote([{ sku: 'LAMP-001', qty }])).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('LAMP-001'),
    });
  },
);

test.each([
  [undefined],
  [[]],
  [
    [
      { sku: 'LAMP-001', qty: 1 },
      { sku: 'LAMP-001', qty: 2 },
    ],
  ],
  ['items'],
  [[null]],
])('refuses the basket %j', async (items) => {
  await expect(quote(items)).rejects.toMatchObject({ code: 'invalid_argument' });
});

test('refuses a basket in two currencies', async () => {
  const pounds = new Map(priceList);
  pounds.set('LAMP-002', { sku: 'LAMP-002', name: 'x', price: { amountMinor: 1, currency: 'GBP' }, version: 2 });
  const items = [
    { sku: 'LAMP-001', qty: 1 },
    { sku: 'LAMP-002', qty: 1 },
  ];
  await expect(quote(items, pounds)).rejects.toMatchObject({ code: 'invalid_argument' });
});

test('the total is the sum of the lines for any basket', async () => {
  const basket = fc.uniqueArray(
    fc.record({
      sku: fc.constantFrom(...products.map((product) => product.sku)),
      qty: fc.integer({ min: 1, max: 1000 }),
    }),
    { minLength: 1, maxLength: 50, selector: (item) => item.sku },
  );
  await fc.assert(
    fc.asyncProperty(basket, async (items) => {
      const made = await quote(items);
      expect(made.totalMinor).toBe(made.lines.reduce((sum, line) => sum + line.unitMinor * line.qty, 0));
    }),
  );
});
