/** Clock, servers and clients for tests of toxics. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { silentLog } from '#sandbox/log.ts';
import type { Clock } from './clock.ts';
import { startToxics, type Toxics } from './toxics.ts';

export type FakeClock = Clock & {
  /** Lets time pass; what becomes due is called in order. */
  advance(ms: number): void;
  /** Delays and leases that are waited for. */
  waiting(): number;
};

export function fakeClock(): FakeClock {
  let nowMs = 1_000;
  const timers = new Set<{ dueMs: number; callback(): void }>();
  return {
    now: () => nowMs,
    after(ms, callback) {
      const timer = { dueMs: nowMs + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    waiting: () => timers.size,
    advance(ms) {
      const until = nowMs + ms;
      for (;;) {
        const [next] = [...timers].filter((timer) => timer.dueMs <= until).sort((a, b) => a.dueMs - b.dueMs);
        if (next === undefined) break;
        timers.delete(next);
        nowMs = Math.max(nowMs, next.dueMs);
        next.callback();
      }
      nowMs = until;
    },
  };
}

/** What a socket has seen. */
export type Peer = { socket: Socket; text(): string; ended(): boolean; closed(): boolean; error(): string | null };

function watch(socket: Socket): Peer {
  const chunks: Buffer[] = [];
  const seen = { ended: false, closed: false, error: null as string | null };
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('end', () => {
    seen.ended = true;
  });
  socket.on('close', () => {
    seen.closed = true;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    seen.error = error.code ?? error.message;
  });
  return {
    socket,
    text: () => Buffer.concat(chunks).toString(),
    ended: () => seen.ended,
    closed: () => seen.closed,
    error: () => seen.error,
  };
}

/** A server that hands out the far end of each connection. */
export async function farEnd() {
  const server = createServer({ allowHalfOpen: true });
  const peers: Peer[] = [];
  server.on('connection', (socket) => peers.push(watch(socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    peers,
    close() {
      server.close();
      for (const peer of peers) peer.socket.destroy();
    },
  };
}

export function dial(address: string): Peer {
  const [host, port] = address.split(':');
  return watch(connect({ host, port: Number(port), allowHalfOpen: true }));
}

/** Waits until it holds; throws with `what` after 20 s. */
export async function eventually(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A proxy server with one proxy, and a pair of sockets through it on demand. */
export async function proxied() {
  const clock = fakeClock();
  const server = await farEnd();
  const proxy = [{ name: 'edge', listen: '127.0.0.1:0', upstream: server.address }];
  const log = silentLog;
  const toxics: Toxics = await startToxics({ host: '127.0.0.1', port: 0, proxies: proxy, seed: 'test', log, clock });
  const edge = toxics.proxies.get('edge');
  return {
    clock,
    toxics,
    edge,
    async pair(): Promise<{ client: Peer; server: Peer }> {
      const before = server.peers.length;
      const client = dial(edge.listen);
      await eventually('the upstream is reached', () => server.peers.length > before);
      return { client, server: server.peers[before] as Peer };
    },
    /** Asks the API; the body is parsed when there is one. */
    async api(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const init = {
        method,
        headers,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      };
      const response = await fetch(`${toxics.url}${path}`, init);
      const text = await response.text();
      return { status: response.status, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text };
    },
    async close() {
      await toxics.close();
      server.close();
    },
  };
}
