import { createParser, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { DraftItem } from '#components/orders/order-draft.ts';
import { parseItems, printItems } from '#components/orders/order-draft.ts';
import { sagaStyles } from '#components/sagas/saga-styles.ts';
import type { Category } from '#contracts/http/catalogue.ts';

export const categories = [
  'lighting',
  'kitchen',
  'office',
  'garden',
  'audio',
  'travel',
  'books',
  'games',
] as const satisfies readonly Category[];

const parseAsItems = createParser<DraftItem[]>({
  parse: parseItems,
  serialize: printItems,
  eq: (a, b) => printItems(a) === printItems(b),
});

/** The order that is being put together, in its URL: it can be pasted to a colleague. */
export const newOrderParsers = {
  q: parseAsString.withDefault(''),
  category: parseAsStringLiteral(categories),
  items: parseAsItems,
  customer: parseAsString,
  pay: parseAsString,
  saga: parseAsStringLiteral(sagaStyles),
  /** Milliseconds to be paid in. */
  due: parseAsInteger,
};
