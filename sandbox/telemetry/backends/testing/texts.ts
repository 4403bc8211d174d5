import fc from 'fast-check';

/** What a query must quote, match by pattern or fold, and what looks like a number or a query itself. */
const texts = [
  'orders',
  'Order',
  'x"y',
  'a\\b',
  'a\nb',
  '50%',
  '.*',
  '(',
  '[i',
  '`',
  'İstanbul',
  'Grüße',
  '200',
  '-3',
  '0.5',
  '\u0000',
  '{',
  '"} | drop',
  '" } || { true',
  '日本',
  ' ',
  '/orders?x=1',
  '/orders',
];

export const anyText = fc.oneof(
  fc.constantFrom(...texts),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
);
