import { expect, test } from 'vitest';
import { OrderCreate } from '#contracts/http/orders.ts';
import { products } from '#contracts/seed/products.ts';
import { asCli, asCurl } from './copy-command.ts';
import { addItem, fieldErrors, parseItems, printItems, toBody } from './order-draft.ts';
import { paymentTokens, presetOf, presets } from './presets.ts';

const customerId = '01900000-0000-7000-8000-000000000001';

test('every preset is a valid order of products that exist', () => {
  for (const { draft } of presets) {
    expect(OrderCreate.safeParse(toBody({ customerId, ...draft })).success).toBe(true);
    for (const { sku } of draft.items) expect(products.map((product) => product.sku)).toContain(sku);
    expect(paymentTokens.map(({ value }) => value)).toContain(draft.payment);
  }
});

test('the suspicious basket is above what the fraud check refuses on the amount alone', () => {
  const [item] = presets.find(({ id }) => id === 'suspicious')?.draft.items ?? [];
  const price = products.find(({ sku }) => sku === item?.sku)?.price.amountMinor ?? 0;
  expect(price * (item?.qty ?? 0)).toBeGreaterThan(1_500_000);
});

test('a preset is recognised until its basket is changed', () => {
  const draft = presets[0]?.draft ?? { items: [], payment: '' };
  expect(presetOf(draft)).toBe('works');
  expect(presetOf({ ...draft, items: addItem(draft.items, 'LAMP-001') })).toBeNull();
});

test('the basket survives the URL, and nonsense in it is left out', () => {
  const items = [
    { sku: 'LAMP-001', qty: 2 },
    { sku: 'BOOK-003', qty: 0 },
  ];
  expect(parseItems(printItems(items))).toEqual(items);
  expect(parseItems('LAMP-001,<script>:1,X:two,,BOOK-003:1.5')).toEqual([
    { sku: 'LAMP-001', qty: 1 },
    { sku: 'BOOK-003', qty: 1.5 },
  ]);
});

test('errors of the problem document land at their fields', () => {
  const items = [
    { sku: 'LAMP-001', qty: 0 },
    { sku: 'NOPE-1', qty: 1 },
  ];
  const errors = fieldErrors({ detail: '', errors: [{ path: '/items/0/qty', message: 'too small' }] }, items);
  expect(errors.bySku.get('LAMP-001')).toBe('too small');
  expect(fieldErrors({ detail: 'no product has the SKU NOPE-1', errors: [] }, items).bySku.has('NOPE-1')).toBe(true);
  expect(fieldErrors({ detail: 'orders does not answer', errors: [] }, items).rest).toBe('orders does not answer');
});

test('an order is copied as curl and as CLI, quoted for a shell', () => {
  const draft = { customerId, items: [{ sku: 'LAMP-001', qty: 2 }], payment: 'tok_visa' };
  const addresses = { gateway: 'http://127.0.0.1:8080', identity: 'http://127.0.0.1:8090' };
  const endpoints = { ...addresses, home: "/it's/.orrery", containers: false };
  const curl = asCurl(draft, endpoints, 'key-12345678');
  expect(curl).toContain(`-d '${JSON.stringify(toBody(draft))}'`);
  expect(curl).toContain("'/it'\\''s/.orrery/launch.json'");
  expect(asCurl(draft, { ...endpoints, containers: true }, 'key-12345678')).toMatch(
    /cli:\$\(docker compose -f compose\/compose\.yaml exec -T supervisor .*IDENTITY_CLIENT_SECRET/,
  );
  expect(asCli({ ...draft, sagaStyle: 'orchestration', paymentTimeoutMs: 1_000 })).toContain(
    '--payment tok_visa --saga orchestration --pay-within 1000 --wait',
  );
  expect(asCli(draft)).toBe(
    `npm run orrery -- order --item LAMP-001:2 --customer ${customerId} --payment tok_visa --wait`,
  );
});
