import { expect, test } from 'vitest';
import type { OrderView } from '#contracts/http/history.ts';
import { appendOlder, applyOrders, latestOrders, mergeFirstPage, type OrderList, releaseHeld } from './order-list.ts';

const order = (id: string, status: OrderView['status'] = 'created', updatedAt = '1') =>
  ({ id, status, updatedAt, customerId: 'ada' }) as OrderView;
const list = (rows: OrderView[], held: OrderView[] = [], hasMore = false): OrderList => ({ rows, held, hasMore });
const ids = (rows: readonly OrderView[]) => rows.map(({ id }) => id).join('');
const all = { filter: { status: null, customerId: null }, hold: false };

test('a known order changes in place, a new one goes on top', () => {
  const after = applyOrders(list([order('b'), order('a')]), [order('a', 'paid', '2'), order('c')], all);
  expect(ids(after.rows)).toBe('cba');
  expect(after.rows.at(-1)?.status).toBe('paid');
});

test('an older state that arrives late changes nothing', () => {
  const after = applyOrders(list([order('a', 'confirmed', '9')]), [order('a', 'paid', '2')], all);
  expect(after.rows[0]?.status).toBe('confirmed');
});

test('while the reader is further down, new orders wait and known ones still change', () => {
  const held = applyOrders(list([order('a')]), [order('b'), order('a', 'paid', '2')], { ...all, hold: true });
  expect([ids(held.rows), ids(held.held)]).toEqual(['a', 'b']);
  expect(held.rows[0]?.status).toBe('paid');
  const more = applyOrders(held, [order('b', 'paid', '2'), order('c')], { ...all, hold: true });
  expect(more.held.map(({ id, status }) => `${id} ${status}`)).toEqual(['c created', 'b paid']);
  expect(ids(releaseHeld(more).rows)).toBe('cba');
});

test('an order that no longer fits the filter leaves, one that begins to fit enters in its place', () => {
  const filter = { status: 'paid' as const, customerId: null };
  const before = list([order('d', 'paid'), order('b', 'paid')]);
  const after = applyOrders(before, [order('d', 'confirmed', '2'), order('c', 'paid', '2')], { filter, hold: false });
  expect(ids(after.rows)).toBe('cb');
});

test('the latest orders are the newest states of the newest orders, whether the answer or the push came first', () => {
  const answer = [order('b', 'paid', '2'), order('a', 'paid', '2')];
  const pushed = [order('c'), order('b', 'confirmed', '3'), order('a', 'created', '1')];
  const expected = ['c created', 'b confirmed', 'a paid'];
  for (const [known, changed] of [
    [answer, pushed],
    [pushed, answer],
  ] as const) {
    expect(latestOrders(known, changed)?.map(({ id, status }) => `${id} ${status}`)).toEqual(expected);
  }
  const many = Array.from({ length: 15 }, (_, n) => order(String.fromCharCode(97 + n)));
  expect(ids(latestOrders([], many) ?? [])).toBe('onmlkjihgfed');
  expect(latestOrders(undefined, pushed), 'nothing was read yet').toBeUndefined();
});

test('what is older than the loaded pages comes with its own page', () => {
  const before = list([order('d'), order('c')], [], true);
  expect(ids(applyOrders(before, [order('a', 'paid', '2')], all).rows)).toBe('dc');
  expect(ids(appendOlder(before, { orders: [order('b'), order('a')], hasMore: false }).rows)).toBe('dcba');
});

test('a live list does not grow for ever', () => {
  const after = applyOrders(list([order('b'), order('a')]), [order('c')], { ...all, most: 2 });
  expect([ids(after.rows), after.hasMore]).toEqual(['cb', true]);
});

test('the first page read anew keeps older pages, unless there is a gap', () => {
  const before = list([order('d'), order('c'), order('b'), order('a')], [], true);
  expect(ids(mergeFirstPage(before, { orders: [order('e'), order('d')], hasMore: true }).rows)).toBe('edcba');
  expect(ids(mergeFirstPage(before, { orders: [order('g'), order('f')], hasMore: true }).rows)).toBe('gf');
});
