import { expect, test } from 'vitest';
import { clientHeaders, upstreamHeaders } from './headers.ts';

test('passes on what an upstream needs and nothing else', () => {
  expect(
    upstreamHeaders(
      {
        host: 'evil',
        connection: 'keep-alive, x-secret',
        'x-secret': '1',
        cookie: 'a=b',
        'x-forwarded-for': '1.2.3.4',
        te: 'trailers',
        'transfer-encoding': 'chunked',
        authorization: 'Bearer t',
        'idempotency-key': 'k-12345678',
        'x-request-id': 'from-outside',
      },
      'req-1',
    ),
  ).toEqual({ 'x-request-id': 'req-1', authorization: 'Bearer t', 'idempotency-key': 'k-12345678' });
});

test('drops hop-by-hop fields, those named by Connection, and what tells about our insides', () => {
  expect(
    clientHeaders({
      connection: 'close, X-Hop',
      'x-hop': '1',
      'transfer-encoding': 'chunked',
      server: 'x',
      'set-cookie': ['a=b'],
      'access-control-allow-origin': '*',
      'content-type': 'application/json',
      location: '/orders/1',
      'retry-after': '2',
    }),
  ).toEqual({ 'content-type': 'application/json', location: '/orders/1', 'retry-after': '2' });
});
