import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type ControlChannel, forward, switchedOff } from './control-channel.ts';

/** A service with one pattern, as its control channel shows it; `asked` counts how often it was read. */
async function makeService() {
  const state = { offSince: null as string | null, asked: 0, running: true };
  const status = () => ({
    pattern: 'inbox',
    description: 'Handles a message once.',
    enabled: state.offSince === null,
    offSince: state.offSince,
    switchable: true,
    threatens: ['S6'],
    parts: [],
  });
  const server = createServer((request, response) => {
    if (request.method === 'GET') state.asked += 1;
    else state.offSince = state.offSince === null ? '2026-01-02T03:04:05.000Z' : null;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.method === 'GET' ? [status()] : status()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const channel: ControlChannel = {
    services: ['orders'],
    urlOf: () => (state.running ? `http://127.0.0.1:${port}` : null),
    token: 'agent-token',
    touched: new Map(),
  };
  return { state, channel, turn: () => put(channel) };
}

async function put(channel: ControlChannel): Promise<void> {
  const request = Object.assign(
    (async function* () {
      yield Buffer.from('{"enabled":false}');
    })(),
    { method: 'PUT' },
  ) as unknown as IncomingMessage;
  const response = { writeHead() {}, end() {} } as unknown as ServerResponse;
  await forward(channel, request, response, { service: 'orders', rest: ['patterns', 'inbox'] });
}

test('while nothing was switched off nobody is asked', async () => {
  const { state, channel } = await makeService();
  expect(await switchedOff(channel)).toEqual([]);
  expect(state.asked).toBe(0);
});

test('what is off is listed until it is on again, then nobody is asked any more', async () => {
  const { state, channel, turn } = await makeService();
  await turn();
  expect(await switchedOff(channel)).toEqual([
    { service: 'orders', pattern: 'inbox', offSince: '2026-01-02T03:04:05.000Z' },
  ]);
  await turn();
  expect(await switchedOff(channel)).toEqual([]);
  const { asked } = state;
  await switchedOff(channel);
  expect(state.asked).toBe(asked);
});

test('a process that is down adds nothing, and is asked again when it is back', async () => {
  const { state, channel, turn } = await makeService();
  await turn();
  state.running = false;
  expect(await switchedOff(channel)).toEqual([]);
  state.running = true;
  expect(await switchedOff(channel)).toHaveLength(1);
});
