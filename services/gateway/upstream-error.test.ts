import { expect, test } from 'vitest';
import { isGone, toGatewayError, toUpstreamProblem } from './upstream-error.ts';

const inTime = new AbortController().signal;
const failure = (code: string) => Object.assign(new Error('connect 127.0.0.1:8101'), { code });

test.each([
  ['ECONNREFUSED', 'unavailable'],
  ['UND_ERR_CONNECT_TIMEOUT', 'unavailable'],
  ['UND_ERR_HEADERS_TIMEOUT', 'deadline_exceeded'],
  ['ECONNRESET', 'dependency_failed'],
  ['HPE_INVALID_CONSTANT', 'dependency_failed'],
])('%s is answered as %s and does not show the address', (code, expected) => {
  const error = toGatewayError(failure(code), 'orders', 2000, inTime);
  expect(error.code).toBe(expected);
  expect(error.message).not.toContain('127.0.0.1');
});

test('a passed deadline is 504, whatever the driver calls it', () => {
  expect(toGatewayError(failure('UND_ERR_ABORTED'), 'orders', 2000, AbortSignal.abort()).code).toBe(
    'deadline_exceeded',
  );
});

test('knows that nobody is there from an answer that came too late', () => {
  expect(isGone(new Error('x', { cause: failure('UND_ERR_SOCKET') }))).toBe(true);
  expect(isGone(failure('ECONNREFUSED'))).toBe(true);
  expect(isGone(failure('UND_ERR_HEADERS_TIMEOUT'))).toBe(false);
});

test('keeps what an upstream tells callers, with its field errors', () => {
  const problem = {
    type: '/problems/unprocessable',
    title: 't',
    status: 422,
    code: 'unprocessable',
    detail: 'SKU NOPE-1 is unknown',
    instance: '/orders',
    requestId: 'r',
    errors: [{ path: '/items/0/sku', message: 'unknown' }],
    sku: 'NOPE-1',
  };
  expect(toUpstreamProblem(JSON.stringify(problem), 'orders')).toEqual({
    code: 'unprocessable',
    detail: 'SKU NOPE-1 is unknown',
    details: { errors: problem.errors, sku: 'NOPE-1' },
  });
});

test.each([
  '<html>oops</html>',
  '{}',
  'null',
  JSON.stringify({ type: 't', title: 't', status: 500, code: 'internal', detail: 'secret' }),
])('turns %s into a bare 502', (body) => {
  expect(toUpstreamProblem(body, 'orders')).toEqual({
    code: 'dependency_failed',
    detail: 'orders failed',
    details: {},
  });
});
