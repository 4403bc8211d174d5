import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { SpanKind } from '@opentelemetry/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError, Problem } from '#contracts/errors.ts';
import { defineRoute } from '#contracts/http/route.ts';
import { until } from '#tests/support/until.ts';
import type { Authenticator } from '../auth.ts';
import { testService } from '../testing/service.ts';
import { recordTracing } from '../testing/tracing.ts';
import { createHttpServer } from './server.ts';

const tracing = recordTracing();
const lines: Record<string, unknown>[] = [];
const { service, stop } = testService({}, { logLines: (line) => lines.push(JSON.parse(line)) });

const auth: Authenticator = {
  async verify(authorization) {
    if (authorization === undefined) throw new AppError('unauthenticated', 'a token is needed');
    const roles = [authorization.replace('Bearer ', '')] as ['shopper'];
    return { subject: 's', roles, scopes: [], clientId: 'c', token: 't' };
  },
};

const putThing = defineRoute({
  method: 'PUT',
  path: '/things/:id',
  summary: '',
  params: z.object({ id: z.uuid() }),
  query: z.object({ dry: z.coerce.boolean().default(false) }),
  body: z.object({ items: z.array(z.object({ qty: z.int().min(1) })) }).strict(),
  responses: { 200: z.object({ qty: z.int() }), 204: null },
});
const secured = defineRoute({
  method: 'GET',
  path: '/secured',
  summary: '',
  responses: { 200: z.object({ subject: z.string() }) },
  roles: ['operator'],
});
const securedWrite = defineRoute({
  method: 'POST',
  path: '/secured-write',
  summary: '',
  body: z.object({ n: z.int() }),
  responses: { 204: null },
  roles: ['operator'],
});
const failing = defineRoute({ method: 'GET', path: '/failing', summary: '', responses: { 204: null } });
const busy = defineRoute({ method: 'GET', path: '/busy', summary: '', responses: { 204: null } });

let origin: string;
let port: number;

beforeAll(async () => {
  const http = createHttpServer(service, { auth, bodyLimitBytes: 1_000 });
  http.route(putThing, ({ body, query }) =>
    query.dry ? { status: 204 } : { status: 200, body: { qty: body.items.reduce((sum, item) => sum + item.qty, 0) } },
  );
  http.route(secured, ({ principal }) => ({ status: 200, body: { subject: principal.subject } }));
  http.route(securedWrite, () => ({ status: 204 }));
  http.route(failing, () => {
    throw new Error('secret detail');
  });
  http.route(busy, () => {
    throw new AppError('rate_limited', 'slow down', { retryAfterSeconds: 1.2 });
  });
  port = await http.listen();
  origin = `http://127.0.0.1:${port}`;
});

afterAll(() => stop());

const path = '/things/0192f0c0-0000-7000-8000-000000000001';

function call(target: string, method = 'GET', body?: string, headers: Record<string, string> = {}) {
  return fetch(`${origin}${target}`, {
    method,
    body,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
  });
}

async function problemOf(answer: Response) {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  return Problem.parse(await answer.json());
}

test('parts arrive parsed and the answer has the declared form', async () => {
  const answer = await call(path, 'PUT', '{"items":[{"qty":2},{"qty":3}]}');
  expect([answer.status, await answer.json()]).toEqual([200, { qty: 5 }]);
  expect((await call(`${path}?dry=1`, 'PUT', '{"items":[]}')).status).toBe(204);
});

test.each([
  ['malformed JSON', path, 'PUT', '{"items":', {}, 400, 'invalid_argument'],
  ['an empty JSON body', path, 'PUT', '', { 'content-type': 'application/json' }, 400, 'invalid_argument'],
  ['a body of another shape', path, 'PUT', '{"items":[{"qty":1.5}]}', {}, 422, 'unprocessable'],
  ['a wrong path parameter', '/things/nope', 'PUT', '{"items":[]}', {}, 400, 'invalid_argument'],
  ['a body that is too large', path, 'PUT', `{"items":"${'x'.repeat(2_000)}"}`, {}, 413, 'payload_too_large'],
  ['a body that is not JSON', path, 'PUT', 'x', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
  [
    'a form post',
    path,
    'PUT',
    'a=1',
    { 'content-type': 'application/x-www-form-urlencoded' },
    415,
    'unsupported_media_type',
  ],
  ['an unknown route', '/nothing', 'GET', undefined, {}, 404, 'not_found'],
  ['a wrong method', path, 'DELETE', undefined, {}, 405, 'method_not_allowed'],
  ['another site', path, 'PUT', '{"items":[]}', { origin: 'http://evil.example' }, 403, 'forbidden'],
  ['a cross-site fetch', path, 'PUT', '{"items":[]}', { 'sec-fetch-site': 'cross-site' }, 403, 'forbidden'],
  ['a missing token', '/secured', 'GET', undefined, {}, 401, 'unauthenticated'],
  ['a wrong role', '/secured', 'GET', undefined, { authorization: 'Bearer shopper' }, 403, 'forbidden'],
  ['a broken URL', '/things/%zz', 'PUT', '{"items":[]}', {}, 400, 'invalid_argument'],
] as const)('%s answers a problem', async (_, target, method, body, headers, status, code) => {
  const answer = await call(target, method, body, headers as Record<string, string>);
  expect(answer.status).toBe(status);
  expect(await problemOf(answer)).toMatchObject({
    status,
    code,
    type: `/problems/${code}`,
    requestId: expect.any(String),
  });
});

test('each wrong field is named by a JSON pointer', async () => {
  const problem = await problemOf(await call(path, 'PUT', '{"items":[{"qty":1},{"qty":0}],"extra":1}'));
  expect(problem.errors?.map((error) => error.path)).toEqual(['/items/1/qty', '']);
});

test('a wrong method says which ones are right, a missing token asks for one, a busy server says when', async () => {
  expect((await call(path, 'DELETE')).headers.get('allow')).toBe('PUT');
  expect((await call('/secured')).headers.get('www-authenticate')).toBe('Bearer realm="orrery"');
  expect((await call('/busy')).headers.get('retry-after')).toBe('2');
});

test('who may not call learns so before the body is looked at', async () => {
  const answer = await call('/secured-write', 'POST', '{"n":');
  expect(answer.status).toBe(401);
});

test('an unexpected error stays in the log', async () => {
  const answer = await call('/failing', 'GET', undefined, { 'x-request-id': 'request-123' });
  const problem = await problemOf(answer);
  expect(answer.status).toBe(500);
  expect(JSON.stringify(problem)).not.toContain('secret detail');
  expect(answer.headers.get('x-request-id')).toBe('request-123');
  expect(lines.find((line) => line.message === 'request failed')).toMatchObject({
    requestId: 'request-123',
    error: { message: 'secret detail' },
  });
});

test('a request for a foreign host name is refused', async () => {
  const status = await new Promise((resolve) => {
    const request = httpRequest(
      { port, host: '127.0.0.1', path: '/health/live', headers: { host: 'evil.example' } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      },
    );
    request.end();
  });
  expect(status).toBe(403);
});

test('bytes that are no HTTP end their connection, and the next request is served', async () => {
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from([0, 255, 1, 2, 3, 13, 10, 13, 10])));
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.resume();
  });
  expect((await call('/health/live')).status).toBe(200);
});

test('server spans are named by their route; health probes have none', async () => {
  await until('earlier spans', () => (tracing.spans().length > 0 ? true : null));
  tracing.reset();
  await call('/health/live');
  await call(path, 'PUT', '{"items":[]}');
  await until('a server span', () => (tracing.spans().length > 0 ? true : null));
  expect(tracing.spans().map((span) => [span.name, span.kind])).toEqual([['PUT /things/:id', SpanKind.SERVER]]);
  expect(tracing.spans()[0]?.attributes).toMatchObject({
    'http.route': '/things/:id',
    'http.response.status_code': 200,
  });
});

test('the access line is one per request, and health probes have none', async () => {
  lines.length = 0;
  await call('/health/live');
  await call(path, 'PUT', '{"items":[]}');
  await until('an access line', () => (lines.length > 0 ? true : null));
  expect(lines).toMatchObject([
    { message: 'request completed', route: '/things/:id', status: 200, trace_id: expect.any(String) },
  ]);
});

test('readiness shows each dependency and the telemetry self-check', async () => {
  const answer = await call('/health/ready');
  expect(await answer.json()).toMatchObject({
    status: 'ok',
    checks: { lifecycle: { ok: true } },
    telemetry: { state: 'pending' },
  });
});
