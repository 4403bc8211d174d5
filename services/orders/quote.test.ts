import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { canonicalQuote, type Quote, type UnsignedQuote } from '#contracts/grpc/quote.ts';
import { linesOf, verifyQuote } from './quote.ts';

const key = 'a-signing-key-for-tests';
const customerId = '01890000-0000-7000-8000-000000000002';
const expected = { customerId, items: [{ sku: 'LAMP-014', qty: 2 }], now: new Date('2026-11-22T10:00:00.000Z') };

function sign(unsigned: UnsignedQuote, signingKey = key): Quote {
  return {
    ...unsigned,
    signature: createHmac('sha256', signingKey).update(canonicalQuote(unsigned)).digest('base64url'),
  };
}

const unsigned: UnsignedQuote = {
  quoteId: '01890000-0000-7000-8000-000000000004',
  customerId,
  lines: [{ sku: 'LAMP-014', qty: 2, name: 'Brass lamp', unitMinor: 1999, lineMinor: 3998, priceVersion: 1 }],
  totalMinor: 3998,
  currency: 'EUR',
  expiresAt: '2026-11-22T10:05:00.000Z',
};
const line = unsigned.lines[0] as UnsignedQuote['lines'][number];

test('a quote that pricing signed for this basket is accepted', () => {
  expect(() => verifyQuote(sign(unsigned), expected, key)).not.toThrow();
});

test.each([
  ['signed with another key', sign(unsigned, 'other'), 'wrong signature'],
  ['changed after signing', { ...sign(unsigned), totalMinor: 1 }, 'wrong signature'],
  ['for another customer', sign({ ...unsigned, customerId: unsigned.quoteId }), 'another customer'],
  ['expired', sign({ ...unsigned, expiresAt: '2026-11-22T10:00:00.000Z' }), 'expired'],
  [
    'for other quantities',
    sign({ ...unsigned, lines: [{ ...line, qty: 3, lineMinor: 5997 }], totalMinor: 5997 }),
    'another basket',
  ],
  ['with a line twice', sign({ ...unsigned, lines: [line, line], totalMinor: 7996 }), 'another basket'],
  ['with a wrong sum', sign({ ...unsigned, totalMinor: 3999 }), 'does not add up'],
  ['with a wrong line', sign({ ...unsigned, lines: [{ ...line, unitMinor: 1 }] }), 'does not add up'],
] as const)('a quote %s is refused', (_name, quote, message) => {
  expect(() => verifyQuote(quote, expected, key)).toThrow(message);
});

test('order lines take prices and names from the quote', () => {
  expect(linesOf(sign(unsigned))).toEqual([
    {
      sku: 'LAMP-014',
      qty: 2,
      name: 'Brass lamp',
      unitPrice: { amountMinor: 1999, currency: 'EUR' },
      lineTotal: { amountMinor: 3998, currency: 'EUR' },
    },
  ]);
});
