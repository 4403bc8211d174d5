import { expect, test } from 'vitest';
import { exported } from '#sandbox/exporters/testing/exported.ts';
import { type Exchange, eventsIn, readHttpContracts } from './judge-http.ts';

const files = exported({}, ['contracts']);
const contracts = readHttpContracts(files);

const limits = { ratelimit: '"operator";r=9;t=0', 'ratelimit-policy': '"operator";q=10;w=1' };
const statsAnswer: Exchange = {
  service: 'gateway',
  method: 'GET',
  path: '/stats',
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8', 'x-request-id': 'r', ...limits },
  body: JSON.stringify({ total: 1, byStatus: { confirmed: 1 } }),
};
const problem = {
  type: '/problems/not_found',
  title: 'There is no such thing',
  status: 404,
  code: 'not_found',
  detail: 'no',
};
const notFound: Exchange = {
  ...statsAnswer,
  path: '/orders/0193a1de-0000-7000-8000-000000000001',
  status: 404,
  headers: { ...statsAnswer.headers, 'content-type': 'application/problem+json' },
  body: JSON.stringify(problem),
};
const accepted = { ...statsAnswer, service: 'inventory', method: 'POST', path: '/stock/LAMP-001/restock' };

test('what is as documented is found to be so, and named', () => {
  expect(contracts.judge(statsAnswer)).toEqual({ response: 'gateway GET /stats 200', findings: [] });
  expect(contracts.judge(notFound)).toEqual({ response: 'gateway GET /orders/{id} 404', findings: [] });
  expect(contracts.responses).toContain('gateway GET /stats 200');
  expect(contracts.responses).toContain('gateway GET /orders/{id} 404');
});

test.each<[string, Exchange, string]>([
  ['a field that is not documented', { ...statsAnswer, body: '{"total":1,"byStatus":{},"more":1}' }, '(more)'],
  ['a field that is missing', { ...statsAnswer, body: '{"total":1}' }, 'byStatus'],
  ['a value of another type', { ...statsAnswer, body: '{"total":"1","byStatus":{}}' }, '/total must be integer'],
  ['a status that is not documented', { ...statsAnswer, status: 418 }, 'no such status'],
  ['a status that only `default` would cover', { ...statsAnswer, status: 409 }, 'no such status'],
  [
    'another media type',
    { ...statsAnswer, headers: { ...statsAnswer.headers, 'content-type': 'text/html' } },
    'text/html',
  ],
  [
    'a header field that is not documented',
    { ...statsAnswer, headers: { ...statsAnswer.headers, server: 'x' } },
    'server',
  ],
  [
    'a header field that is missing',
    { ...statsAnswer, headers: { 'content-type': 'application/json', ...limits } },
    'x-request-id',
  ],
  ['a path that is not documented', { ...statsAnswer, path: '/secret' }, 'no operation is documented'],
  ['a method that is not documented', { ...statsAnswer, method: 'PUT' }, '405 is due'],
  ['a service that is not documented', { ...statsAnswer, service: 'auditor' }, 'no OpenAPI document'],
  [
    'a problem with another code than its status says',
    { ...notFound, body: JSON.stringify({ ...problem, code: 'conflict' }) },
    '/code',
  ],
  [
    'a problem with a member of its own',
    { ...notFound, body: JSON.stringify({ ...problem, stack: 'at …' }) },
    '(stack)',
  ],
  ['a query parameter that is not documented', { ...statsAnswer, path: '/stats?debug=1' }, '?debug'],
  ['a request that it should have refused', { ...accepted, sent: { qty: 0, reason: 'none' } }, '/qty'],
])('%s is a finding', (_, exchange, finding) => {
  expect(contracts.judge(exchange).findings.join('\n')).toContain(finding);
});

const gateway = files.filter(({ path }) => path === 'contracts/openapi/gateway.yaml');

test('a contract that is changed after the fact does not vouch for what was answered', () => {
  const patched = (from: string, to: string) =>
    readHttpContracts(gateway.map((file) => ({ ...file, content: file.content.replaceAll(from, to) })));
  expect(patched('byStatus', 'perStatus').judge(statsAnswer).findings).not.toEqual([]);
  expect(patched('/stats', '/figures').judge(statsAnswer).findings).not.toEqual([]);
  expect(patched('x-request-id', 'x-id').judge(statsAnswer).findings).not.toEqual([]);
});

test('a method that is refused must name those that are documented', () => {
  const refused = (allow: string): Exchange => ({
    ...notFound,
    method: 'DELETE',
    path: '/orders',
    status: 405,
    headers: { ...notFound.headers, allow },
    body: JSON.stringify({ ...problem, status: 405, code: 'method_not_allowed' }),
  });
  expect(contracts.judge(refused('POST, GET'))).toEqual({ response: null, findings: [] });
  expect(contracts.judge(refused('GET')).findings).not.toEqual([]);
});

test('events of a stream are judged one by one, and one that was cut off is not', () => {
  const stream = (data: string, event = 'order'): Exchange => ({
    ...statsAnswer,
    path: '/stream',
    headers: {
      ...statsAnswer.headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    },
    body: `:\n\nid: 1\nevent: ${event}\ndata: ${data}\n\nevent: order\nda`,
  });
  expect(eventsIn(stream('{}').body)).toEqual([{ event: 'order', data: '{}' }]);
  expect(contracts.judge(stream('{}')).findings.join('\n')).toContain("required property 'entry'");
  expect(contracts.judge(stream('{}', 'gossip')).findings.join('\n')).toContain('gossip');
});
