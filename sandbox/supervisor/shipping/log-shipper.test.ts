import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { until } from '../until.ts';
import { createLogShipper } from './log-shipper.ts';

type Store = { url: string; bodies: string[]; keys: unknown[]; answer: number; close(): void };
const stores: Store[] = [];

async function startStore(): Promise<Store> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk;
    });
    request.on('end', () => {
      store.keys.push(request.headers['x-orrery-otlp-key']);
      if (store.answer === 200) store.bodies.push(body);
      response.writeHead(store.answer).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const store: Store = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies: [],
    keys: [],
    answer: 200,
    close: () => void server.close(),
  };
  stores.push(store);
  return store;
}

afterEach(() => {
  for (const store of stores.splice(0)) store.close();
});

const source = { name: 'orders', instance: 'orders-1', version: '0.1.0' };
const line = (text: string) => ({ at: '2026-11-22T11:00:00.000Z', stream: 'stdout' as const, line: text });
const messages = (store: Store) =>
  store.bodies.flatMap((body) =>
    JSON.parse(body).resourceLogs.flatMap(
      (resource: { scopeLogs: { logRecords: { body: { stringValue: string } }[] }[] }) =>
        resource.scopeLogs.flatMap((scope) => scope.logRecords.map((record) => record.body.stringValue)),
    ),
  );

test('lines arrive in order, in batches, with the key and their resource', async () => {
  const store = await startStore();
  const shipper = createLogShipper({ url: store.url, key: 'k', flushMs: 1, batchLines: 10 });
  for (let index = 0; index < 25; index += 1) shipper.push(source, line(`line ${index}`));
  expect(await until(() => messages(store).length === 25, { timeoutMs: 5_000 })).toBe(true);
  expect(messages(store)).toEqual(Array.from({ length: 25 }, (_, index) => `line ${index}`));
  expect(store.bodies.length).toBe(3);
  expect(new Set(store.keys)).toEqual(new Set(['k']));
  expect(store.bodies[0]).toContain('"service.name","value":{"stringValue":"orders"}');
});

test('nothing is lost while the store is away for a moment', async () => {
  const store = await startStore();
  store.answer = 503;
  const shipper = createLogShipper({ url: store.url, key: 'k', flushMs: 1 });
  shipper.push(source, line('early'));
  expect(await until(() => store.keys.length >= 2, { timeoutMs: 5_000 })).toBe(true);
  store.answer = 200;
  shipper.push(source, line('late'));
  expect(await until(() => messages(store).length === 2, { timeoutMs: 5_000 })).toBe(true);
  expect(messages(store)).toEqual(['early', 'late']);
});

test('a batch that the store will never take is given up', async () => {
  const store = await startStore();
  store.answer = 400;
  const shipper = createLogShipper({ url: store.url, key: 'k', flushMs: 1 });
  shipper.push(source, line('bad'));
  await until(() => store.keys.length === 1, { timeoutMs: 5_000 });
  store.answer = 200;
  shipper.push(source, line('good'));
  await until(() => messages(store).length === 1, { timeoutMs: 5_000 });
  expect(messages(store)).toEqual(['good']);
});

test('memory is bounded while the store stays away, and what is dropped is counted', () => {
  const shipper = createLogShipper({ url: 'http://127.0.0.1:9', key: 'k', flushMs: 60_000, bufferLines: 100 });
  for (let index = 0; index < 250; index += 1) shipper.push(source, line(String(index)));
  expect(shipper.dropped()).toBeGreaterThanOrEqual(150);
});
