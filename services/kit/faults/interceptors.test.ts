/** What is on at each edge of a process, and what passes there. */
import type { Producer, ProducerBatch } from 'kafkajs';
import { expect, onTestFinished, test } from 'vitest';
import { AgentStatus } from '#contracts/sandbox/fault-agent.ts';
import { createHttpServer } from '../http/server.ts';
import { handlerTable, type MessageContext } from '../kafka/handlers.ts';
import type { Incoming } from '../kafka/incoming.ts';
import { classifyFailure } from '../kafka/retry-policy.ts';
import { publishRows } from '../outbox/publish.ts';
import { testService } from '../testing/service.ts';
import { interceptConsumer } from './consumer.ts';

const token = 'agent-token-of-a-test';
const order = (fault: object) => ({ name: 'test', fault, ttlMs: 60_000, seed: 'orrery' });

async function startHttp() {
  const { service, stop } = testService({ PORT: 0, AGENT_TOKEN: token });
  const http = createHttpServer(service);
  let served = 0;
  http.app.get('/stock', async () => {
    served += 1;
    return { left: 3 };
  });
  const port = await http.listen();
  onTestFinished(stop);
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  const control = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`http://127.0.0.1:${port}/control/v1/faults${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: answer.status, body: await answer.json() };
  };
  return { service, ask, control, served: () => served };
}

test('a route answers with the error that is on, before it is reached, and is itself again afterwards', async () => {
  const { ask, control, served } = await startHttp();
  const fault = { kind: 'http-error', only: 'GET /stock', status: '503', share: 1 };
  expect((await control('PUT', '/f', order(fault))).status).toBe(200);
  const refused = await ask('/stock');
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(served()).toBe(0);
  expect((await ask('/health/live')).status).toBe(200);
  expect(AgentStatus.array().parse((await control('GET', '')).body)).toEqual([
    { id: 'f', kind: 'http-error', hits: 1 },
  ]);
  expect((await control('DELETE', '/f')).body).toEqual({ ended: true });
  expect((await control('DELETE', '/f')).body).toEqual({ ended: false });
  expect((await ask('/stock')).status).toBe(200);
});

test.each([
  ['an unknown route', { kind: 'http-error', only: 'GET /moon', status: '503' }, 422],
  ['what this process has not', { kind: 'grpc-error', only: '', code: 'internal' }, 422],
  ['an unknown kind', { kind: 'gremlins' }, 422],
  ['a share above all', { kind: 'http-error', status: '503', share: 2 }, 422],
])('%s is refused', async (_, fault, status) => {
  const { control } = await startHttp();
  expect((await control('PUT', '/f', order(fault))).status).toBe(status);
});

test('a late answer is late after the work, and comes at once when the fault ends', async () => {
  const { ask, control, served } = await startHttp();
  await control('PUT', '/f', order({ kind: 'http-delay', only: '', when: 'after', delayMs: 60_000 }));
  const late = ask('/stock');
  await expect.poll(served).toBe(1);
  await expect.poll(async () => (await control('GET', '')).body).toMatchObject([{ hits: 1 }]);
  await control('DELETE', '/f');
  expect((await late).status).toBe(200);
});

const incoming = (): Incoming & { kind: 'delivery' } => {
  const handlers = handlerTable({ 'order.compensating': async () => {} });
  const handler = handlers.get('order.compensating');
  if (handler === undefined) throw new Error('no handler');
  return {
    kind: 'delivery',
    topic: 't',
    partition: 0,
    offset: '1',
    key: 'k',
    recordKey: 'k',
    value: Buffer.alloc(0),
    headers: {},
    event: { event: 'order.compensating' } as never,
    handler,
  };
};

function startConsumer() {
  const { service } = testService({});
  const pass = interceptConsumer(service.faults, handlerTable({ 'order.compensating': async () => {} }));
  const prepare = (record: Incoming, attempt = 1) => {
    if (record.kind !== 'delivery') throw new Error(record.kind);
    const context = { attempt, signal: service.signal, log: service.log } as MessageContext;
    return record.handler.prepare(record.event as never, context);
  };
  return { faults: service.faults, pass, prepare };
}

test('while nothing is on, a record passes as it is', () => {
  const record = incoming();
  expect(startConsumer().pass(record)).toBe(record);
});

test('as many messages as were told are poisoned, for good', async () => {
  const { faults, pass, prepare } = startConsumer();
  await faults.arm('f', order({ kind: 'poison', only: '', messages: 1 }) as never);
  await expect(prepare(pass(incoming()))).rejects.toMatchObject({ code: 'unprocessable', retryable: false });
  await prepare(pass(incoming()));
  expect(faults.list()).toMatchObject([{ hits: 1 }]);
});

test('a failing handler fails the first attempts of each message, in a way that is tried again', async () => {
  const { faults, pass, prepare } = startConsumer();
  await faults.arm('f', order({ kind: 'failing', only: 'order.compensating', failures: 2 }) as never);
  const record = pass(incoming());
  for (const attempt of [1, 2]) await expect(prepare(record, attempt)).rejects.toMatchObject({ retryable: true });
  await prepare(record, 3);
});

test('a handler that fails as a bug does is not taken for a dependency that is away', async () => {
  const { faults, pass, prepare } = startConsumer();
  await faults.arm('f', order({ kind: 'failing', only: '', failures: 1, as: 'bug' }) as never);
  const error = await prepare(pass(incoming())).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(classifyFailure(error)).toBe('unknown');
});

test('a slow consumer waits, and those that wait go on when the fault ends', async () => {
  const { faults, pass, prepare } = startConsumer();
  await faults.arm('f', order({ kind: 'slow-consumer', only: '', delayMs: 30_000, share: 1 }) as never);
  const waiting = Promise.all([prepare(pass(incoming())), prepare(pass(incoming()))]);
  expect(faults.list()).toMatchObject([{ hits: 2 }]);
  faults.disarm('f');
  await waiting;
});

test('a row goes out once more for each copy, with the same message id', async () => {
  const { faults } = testService({}).service;
  faults.offer('duplicate');
  await faults.arm('f', order({ kind: 'duplicate', only: 'order.created', copies: 2, share: 1 }) as never);
  const sent: string[] = [];
  const producer = {
    async sendBatch({ topicMessages = [] }: ProducerBatch) {
      for (const { messages } of topicMessages)
        sent.push(...messages.map(({ headers }) => String(headers?.['message-id'])));
    },
  } as unknown as Producer;
  const row = { topic: 't', key: 'k', payload: '{"metadata":{}}', raw: null, headers: {}, ageMs: 1 };
  const rows = [
    { ...row, id: '1', type: 'order.created' },
    { ...row, id: '2', type: 'order.confirmed' },
  ];
  expect((await publishRows(producer, rows, faults)).acknowledged).toEqual(['1', '2']);
  expect(sent).toEqual(['1', '1', '1', '2']);
});
