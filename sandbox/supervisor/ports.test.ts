import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { assignPorts, portIsFree } from './ports.ts';

const wishes = [
  { process: 'orders', purpose: 'http', port: 8101 },
  { process: 'inventory', purpose: 'http', port: 8102 },
  { process: 'pricing', purpose: 'http', port: 8103 },
];

test('every process gets its default when that is free', async () => {
  expect(await assignPorts(wishes, async () => true)).toEqual({
    orders: { http: 8101 },
    inventory: { http: 8102 },
    pricing: { http: 8103 },
  });
});

test('a taken port moves to the next free one, and nobody else has to move', async () => {
  expect(await assignPorts(wishes, async (port) => port !== 8101)).toEqual({
    orders: { http: 8104 },
    inventory: { http: 8102 },
    pricing: { http: 8103 },
  });
});

test('says which process finds no port', async () => {
  await expect(assignPorts(wishes, async () => false)).rejects.toThrow('no free port for orders (http) from 8101 on');
});

test('a port that somebody listens on is not free, whichever address they bind', async () => {
  for (const host of ['127.0.0.1', '0.0.0.0', '::']) {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await portIsFree(port), host).toBe(false);
    server.close();
    await once(server, 'close');
    expect(await portIsFree(port), host).toBe(true);
  }
});
