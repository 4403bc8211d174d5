import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ErrorCode, isAppError } from '#contracts/errors.ts';
import { defineRoute } from '#contracts/http/route.ts';
import { createHttpClient, type HttpClient } from './http-client.ts';
import { deadlineHeader, openDeadline } from './resilience/deadline.ts';
import { withSpan } from './telemetry/spans.ts';
import { recordTracing } from './testing/tracing.ts';

const getThing = defineRoute({
  method: 'GET',
  path: '/things/:id',
  summary: '',
  params: z.object({ id: z.string() }),
  query: z.object({ tag: z.array(z.string()).optional() }),
  responses: { 200: z.object({ n: z.int() }) },
});
const postThing = defineRoute({
  method: 'POST',
  path: '/things',
  summary: '',
  body: z.object({ n: z.int() }),
  responses: { 202: z.object({ n: z.int() }) },
});

const tracing = recordTracing();
let server: Server;
let client: HttpClient;
let seen: IncomingMessage[] = [];
let answers: ((response: ServerResponse) => void)[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request);
    request.resume();
    (answers.length > 1 ? answers.shift() : answers[0])?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  client = createHttpClient({ peer: 'things', baseUrl: `http://127.0.0.1:${port}`, timeoutMs: 200, random: () => 0 });
});

afterEach(() => {
  seen = [];
  answers = [];
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
const never = () => {};
const reset = (response: ServerResponse) => void response.socket?.resetAndDestroy();

const get = (options = {}) => client.call(getThing, { params: { id: 'a/b' }, query: { tag: ['x', 'y'] }, ...options });
const codeOf = (call: Promise<unknown>): Promise<ErrorCode | undefined> =>
  call.then(
    () => undefined,
    (error) => (isAppError(error) ? error.code : Promise.reject(error)),
  );

test('parameters are encoded, the token and the trace context travel, the answer is parsed', async () => {
  answers = [json(200, { n: 1 })];
  await withSpan('test', {}, async (span) => {
    expect((await get({ token: 't' })).body).toEqual({ n: 1 });
    expect(seen[0]?.url).toBe('/things/a%2Fb?tag=x&tag=y');
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'Bearer t',
      traceparent: expect.stringContaining(span.spanContext().traceId),
    });
  });
  const span = tracing.spans().find((candidate) => candidate.instrumentationScope.name.includes('undici'));
  expect(span?.attributes['peer.service']).toBe('things');
  expect(span).toMatchObject({ name: 'GET /things/:id', attributes: { 'url.template': '/things/:id' } });
});

test('a problem of the upstream is thrown as what it says', async () => {
  answers = [json(404, { type: 'x', title: 'x', status: 404, code: 'not_found', detail: 'no thing' })];
  await expect(get()).rejects.toMatchObject({ code: 'not_found', message: 'no thing' });
  expect(seen).toHaveLength(1);
});

test('an idempotent call is tried again when that may help, a bounded number of times', async () => {
  answers = [json(503, {}), reset, json(200, { n: 2 })];
  expect((await get()).body).toEqual({ n: 2 });
  expect(seen).toHaveLength(3);
  seen = [];
  answers = [json(503, {})];
  expect(await codeOf(get())).toBe('unavailable');
  expect(seen).toHaveLength(3);
});

test('a POST is sent once, unless it carries an idempotency key', async () => {
  answers = [json(503, {})];
  expect(await codeOf(client.call(postThing, { body: { n: 1 } }))).toBe('unavailable');
  expect(seen).toHaveLength(1);
  seen = [];
  answers = [json(503, {}), json(202, { n: 1 })];
  expect((await client.call(postThing, { body: { n: 1 }, headers: { 'Idempotency-Key': 'k' } })).status).toBe(202);
  expect(seen).toHaveLength(2);
});

test('an upstream that does not answer ends the call at its deadline', async () => {
  answers = [never];
  expect(await codeOf(get({ timeoutMs: 30, idempotent: false }))).toBe('deadline_exceeded');
});

test('a connection that does not come about ends the call at its deadline as well', async () => {
  const usual = getGlobalDispatcher();
  setGlobalDispatcher(new Agent({ connect: () => {} }));
  try {
    expect(await codeOf(get({ timeoutMs: 30, idempotent: false }))).toBe('deadline_exceeded');
  } finally {
    await getGlobalDispatcher().destroy();
    setGlobalDispatcher(usual);
  }
});

test('a call that its caller gave up is cancelled, not failed', async () => {
  answers = [never];
  const controller = new AbortController();
  const call = codeOf(get({ signal: controller.signal }));
  controller.abort();
  expect(await call).toBe('cancelled');
});

test('an answer that breaks the contract is the upstream’s failure', async () => {
  answers = [json(200, { n: 'one' })];
  expect(await codeOf(get({ idempotent: false }))).toBe('dependency_failed');
  answers = [json(201, { n: 1 })];
  expect(await codeOf(get({ idempotent: false }))).toBe('dependency_failed');
});

test('nobody listening is unavailable', async () => {
  const nobody = createHttpClient({ peer: 'nobody', baseUrl: 'http://127.0.0.1:9', attempts: 1 });
  expect(await codeOf(nobody.call(getThing, { params: { id: '1' }, query: {} }))).toBe('unavailable');
});

test('it says how long it waits, passes on what its own caller has left, and does not begin without time', async () => {
  answers = [json(200, { n: 1 })];
  await get();
  expect(seen[0]?.headers[deadlineHeader]).toBe('200');
  await get({ signal: openDeadline(50).signal });
  expect(Number(seen[1]?.headers[deadlineHeader])).toBeLessThanOrEqual(50);
  expect(await codeOf(get({ signal: openDeadline(0).signal }))).toBe('deadline_exceeded');
  expect(seen).toHaveLength(2);
});
