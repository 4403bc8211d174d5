import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type { FaultWindow } from '#contracts/telemetry/faults.ts';
import { createFaultTeller } from './fault-teller.ts';

const window: FaultWindow = {
  id: 'f',
  kind: 'crash',
  footprint: { on: 'process', process: 'orders', effect: 'down', leastMs: 0 },
  fromMs: 1,
  untilMs: null,
  bites: true,
};
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A store that takes what it is told while `isUp`. */
async function start() {
  const told: string[] = [];
  const store = { isUp: true, refused: 0, tokens: new Set<string | undefined>() };
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    store.tokens.add(request.headers.authorization);
    if (store.isUp) told.push(`${request.method} ${request.url} ${Buffer.concat(chunks)}`);
    else store.refused += 1;
    response.writeHead(store.isUp ? 204 : 503).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const windows: FaultWindow[] = [];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const teller = createFaultTeller({ url, token: 'secret', windows: () => windows, retryMs: 5 });
  closing.push(
    teller.close,
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { teller, store, told, windows };
}

/** As long as a busy machine may take. */
const waitFor = (condition: () => void) => vi.waitFor(condition, { timeout: 30_000 });

test('tells all faults when they have changed, and not when they have not', async () => {
  const { teller, store, told, windows } = await start();
  windows.push(window);
  teller.changed();
  await waitFor(() => expect(told).toEqual([`PUT /api/faults ${JSON.stringify([window])}`]));
  expect(store.tokens).toEqual(new Set(['Bearer secret']));
  teller.changed();
  windows.push({ ...window, id: 'g' });
  teller.changed();
  await waitFor(() => expect(told).toHaveLength(2));
});

test('a store that was away is told the newest when it is back, one that was started anew all again', async () => {
  const { teller, store, told, windows } = await start();
  store.isUp = false;
  teller.changed();
  await waitFor(() => expect(store.refused).toBeGreaterThan(1));
  windows.push(window);
  store.isUp = true;
  await waitFor(() => expect(told.at(-1)).toContain(window.id));
  const before = told.length;
  teller.restarted();
  await waitFor(() => expect(told).toHaveLength(before + 1));
});
