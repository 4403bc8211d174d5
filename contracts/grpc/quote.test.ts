import { expect, test } from 'vitest';
import { canonicalQuote, Quote, type UnsignedQuote } from './quote.ts';

const quote: UnsignedQuote = {
  quoteId: '01890000-0000-7000-8000-000000000001',
  customerId: '01890000-0000-7000-8000-000000000002',
  lines: [{ sku: 'LAMP-014', qty: 2, name: 'Lamp "Io", brass', unitMinor: 1999, lineMinor: 3998, priceVersion: 3 }],
  totalMinor: 3998,
  currency: 'EUR',
  expiresAt: '2026-11-22T10:00:00.000Z',
};

test('the signed form is pinned byte for byte, since two services compute it', () => {
  expect(canonicalQuote(quote)).toBe(
    '["orrery.quote.v1","01890000-0000-7000-8000-000000000001","01890000-0000-7000-8000-000000000002",' +
      '[["LAMP-014",2,"Lamp \\"Io\\", brass",1999,3998,3]],3998,"EUR","2026-11-22T10:00:00.000Z"]',
  );
});

test('every field of the quote is part of what is signed', () => {
  const changed: UnsignedQuote[] = [
    { ...quote, quoteId: quote.customerId },
    { ...quote, customerId: quote.quoteId },
    { ...quote, totalMinor: 1 },
    { ...quote, currency: 'USD' },
    { ...quote, expiresAt: '2027-11-22T10:00:00.000Z' },
    ...(['sku', 'qty', 'name', 'unitMinor', 'lineMinor', 'priceVersion'] as const).map((field) => ({
      ...quote,
      lines: quote.lines.map((line) => ({ ...line, [field]: typeof line[field] === 'number' ? 7 : 'OTHER' })),
    })),
  ];
  expect(new Set([quote, ...changed].map(canonicalQuote)).size).toBe(changed.length + 1);
});

test('a quote without a well-formed signature is refused', () => {
  expect(Quote.safeParse({ ...quote, signature: 'x'.repeat(43) }).success).toBe(true);
  expect(Quote.safeParse({ ...quote, signature: '' }).success).toBe(false);
});
