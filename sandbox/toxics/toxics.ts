import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '#sandbox/log.ts';
import { readProxies } from './api/inputs.ts';
import { createRouter } from './api/router.ts';
import { type Clock, systemClock } from './clock.ts';
import { createProxies, type Proxies } from './proxy/proxies.ts';

export type ToxicsOptions = {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Proxies to begin with, as Toxiproxy's configuration file has them. */
  proxies?: unknown;
  seed: string;
  log: Log;
  clock?: Clock;
};

/** A running proxy server. */
export type Toxics = {
  url: string;
  proxies: Proxies;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
};

/** Opens the proxies, then the API: when it answers, every address can be used. Rejects when one is taken. */
export async function startToxics({ host, port, log, seed, ...options }: ToxicsOptions): Promise<Toxics> {
  const clock = options.clock ?? systemClock;
  const proxies = createProxies({
    clock,
    onExpired: (proxy, toxic) => log.info('lease ended', { proxy, toxic: toxic ?? 'down' }),
  });
  const server = createServer(
    { requestTimeout: 15_000, headersTimeout: 10_000 },
    createRouter({ proxies, clock, seed, log }),
  );
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await proxies.close();
  };
  try {
    await proxies.populate(readProxies(options.proxies ?? []));
    const listening = once(server, 'listening');
    server.listen(port, host);
    await listening;
  } catch (error) {
    await close();
    throw error;
  }
  return { url: `http://${host}:${(server.address() as AddressInfo).port}`, proxies, close };
}
