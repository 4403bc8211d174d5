import { expect, test } from 'vitest';
import { spanLabel } from './span-label.ts';
import { span } from './testing.ts';

test('a database span is called by its statement, on one line', () => {
  expect(
    spanLabel(span('pg.query:s1 orders', { attributes: { 'db.query.text': 'select *\n  from orders' } })).text,
  ).toBe('select * from orders');
});

test('a message tells its event, a nameless call its path', () => {
  expect(spanLabel(span('send orders.events', { attributes: { 'orrery.event.name': 'order.created' } }))).toEqual({
    text: 'send orders.events',
    detail: 'order.created',
  });
  expect(spanLabel(span('POST', { kind: 'client', attributes: { 'url.path': '/fraud/score' } })).text).toBe(
    'POST /fraud/score',
  );
  expect(spanLabel(span('POST /orders', { kind: 'server', attributes: { 'url.path': '/orders' } })).text).toBe(
    'POST /orders',
  );
});
