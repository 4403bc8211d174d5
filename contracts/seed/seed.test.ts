import { expect, test } from 'vitest';
import { Category } from '../http/catalogue.ts';
import { customers, demoShopper, SeedCustomer } from './customers.ts';
import { SeedProduct } from './product.ts';
import { products, scarceSkus } from './products.ts';

test('every product satisfies its schema and describes itself in two sentences', () => {
  for (const product of products) {
    expect(SeedProduct.parse(product)).toEqual(product);
    expect(product.description.match(/[.!?](?= [A-Z0-9]|$)/g), product.sku).toHaveLength(2);
  }
});

test('SKUs, names and descriptions are unique', () => {
  for (const field of ['sku', 'name', 'description'] as const) {
    expect(new Set(products.map((product) => product[field])).size, field).toBe(products.length);
  }
});

test('the catalogue has 72 products, nine in each category', () => {
  expect(products).toHaveLength(72);
  for (const category of Category.options) {
    expect(
      products.filter((product) => product.category === category),
      category,
    ).toHaveLength(9);
  }
});

test('only the scarce SKUs can run out in a burst', () => {
  const low = products
    .filter((product) => product.initialStock < 1000)
    .map(({ sku, initialStock }) => [sku, initialStock]);
  expect(low.sort()).toEqual(
    [
      [scarceSkus.none[0], 0],
      [scarceSkus.few, 3],
      [scarceSkus.none[1], 0],
    ].sort(),
  );
});

test('customers satisfy their schema, are unique, and the first is the demo shopper', () => {
  expect(customers).toHaveLength(20);
  for (const customer of customers) expect(SeedCustomer.parse(customer)).toEqual(customer);
  for (const field of ['id', 'name', 'email'] as const) {
    expect(new Set(customers.map((customer) => customer[field])).size, field).toBe(20);
  }
  expect(demoShopper.id).toBe('01900000-0000-7000-8000-000000000001');
  expect(demoShopper.email).toBe('ada.bergstrom@example.com');
});
