import type { SagaStyle } from '#contracts/http/orders.ts';

export type DraftItem = { sku: string; qty: number };

/** An order before it is placed: what the form edits and the URL holds. */
export type OrderDraft = {
  customerId: string;
  items: readonly DraftItem[];
  payment: string;
  /** Choreography when absent. */
  sagaStyle?: SagaStyle | undefined;
  /** Milliseconds to be paid in; a minute when absent. */
  paymentTimeoutMs?: number | undefined;
};

/** As in contracts/http/orders.ts. */
export const mostPieces = 1000;

/** The body of `POST /orders`. */
export function toBody({ customerId, items, payment, sagaStyle, paymentTimeoutMs }: OrderDraft) {
  return {
    customerId,
    items: items.map(({ sku, qty }) => ({ sku, qty })),
    payment: { token: payment },
    ...(sagaStyle === undefined ? {} : { sagaStyle }),
    ...(paymentTimeoutMs === undefined ? {} : { paymentTimeoutMs }),
  };
}

/** One piece more of a product, as a new line at the end when it is new. */
export function addItem(items: readonly DraftItem[], sku: string): DraftItem[] {
  if (!items.some((item) => item.sku === sku)) return [...items, { sku, qty: 1 }];
  return items.map((item) => (item.sku === sku ? { sku, qty: Math.min(mostPieces, item.qty + 1) } : item));
}

/** Sets a quantity as typed, without judging it: the gateway does, and says why. */
export function setQty(items: readonly DraftItem[], sku: string, qty: number): DraftItem[] {
  return items.map((item) => (item.sku === sku ? { sku, qty } : item));
}

export function removeItem(items: readonly DraftItem[], sku: string): DraftItem[] {
  return items.filter((item) => item.sku !== sku);
}

/** `LAMP-001:2,BOOK-003:1`, for the URL. */
export function printItems(items: readonly DraftItem[]): string {
  return items.map(({ sku, qty }) => `${sku}:${qty}`).join(',');
}

/** The items of a URL; what does not read as one is left out. */
export function parseItems(text: string): DraftItem[] {
  const items = new Map<string, number>();
  for (const part of text.split(',')) {
    const [sku = '', qty = '1'] = part.trim().split(':');
    if (/^[A-Z0-9][A-Z0-9-]{1,31}$/.test(sku) && /^-?\d+(\.\d+)?$/.test(qty)) items.set(sku, Number(qty));
  }
  return [...items].map(([sku, qty]) => ({ sku, qty }));
}

export type FieldErrors = {
  customerId: string | null;
  payment: string | null;
  items: string | null;
  bySku: ReadonlyMap<string, string>;
  /** What belongs to no field. */
  rest: string | null;
};

/** Puts the errors of a problem document (JSON pointers into the body) to the fields of the form. */
export function fieldErrors(
  problem: { detail: string; errors: readonly { path: string; message: string }[] } | null,
  items: readonly DraftItem[],
): FieldErrors {
  const bySku = new Map<string, string>();
  const found: FieldErrors = { customerId: null, payment: null, items: null, bySku, rest: null };
  if (!problem) return found;
  for (const { path, message } of problem.errors) {
    const line = /^\/items\/(\d+)(\/|$)/.exec(path);
    const sku = line ? items[Number(line[1])]?.sku : undefined;
    if (sku !== undefined) bySku.set(sku, message);
    else if (path === '/items') found.items = message;
    else if (path.startsWith('/customerId')) found.customerId = message;
    else if (path.startsWith('/payment')) found.payment = message;
    else found.rest = message;
  }
  // "no product has the SKU NOPE-1" names its line in words only.
  if (problem.errors.length === 0) {
    const named = items.find(({ sku }) => problem.detail.includes(sku));
    if (named) bySku.set(named.sku, problem.detail);
    else found.rest = problem.detail;
  }
  return found;
}
