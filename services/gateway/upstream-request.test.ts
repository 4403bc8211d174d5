import { expect, test } from 'vitest';
import { listOrders } from '#contracts/http/history.ts';
import { getInvoicePdf } from '#contracts/http/workers.ts';
import { upstreamPath } from './upstream-request.ts';

test('fills the path, keeps its suffix and encodes what it is given', () => {
  expect(upstreamPath(getInvoicePdf, { orderId: 'a-b' }, {})).toBe('/invoices/a-b.pdf');
  expect(upstreamPath(getInvoicePdf, { orderId: '../x?y' }, {})).toBe('/invoices/..%2Fx%3Fy.pdf');
});

test('sends the query that there is', () => {
  expect(upstreamPath(listOrders, {}, { status: 'paid', limit: 5, before: undefined })).toBe(
    '/orders?status=paid&limit=5',
  );
});
