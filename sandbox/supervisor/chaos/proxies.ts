/** The proxies as faults use them: a client of Toxiproxy's API with our two fields more (leases and seeds). */
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import type { World } from '#sandbox/chaos/world.ts';
import type { Address } from '../addresses.ts';
import { createProxyApi, probeAddress } from './proxy-api.ts';

const Toxic = z.object({ name: z.string(), hits: z.int() });
const ProxyStatus = z.object({ enabled: z.boolean(), cut: z.int(), toxics: z.array(Toxic) });

/** `addressOf` tells where callers of an edge are sent. Throws `dependency_failed` when the proxies do not answer. */
export function createProxiesClient(api: string, addressOf: (edge: string) => Address | undefined): World['proxies'] {
  const { call, must, proxy, toxic } = createProxyApi(api);
  return {
    touched: null,
    async addToxic(edge, { ttlMs, ...order }) {
      await must(edge, 'POST', `${proxy(edge)}/toxics`, { ...order, ttl_ms: ttlMs });
    },
    async removeToxic(edge, name) {
      await call('DELETE', toxic(edge, name));
    },
    async readToxic(edge, name) {
      const { status, body } = await call('GET', toxic(edge, name));
      return status === 404 ? null : Toxic.parse(body);
    },
    async disable(edge, ttlMs) {
      await must(edge, 'POST', proxy(edge), { enabled: false, ttl_ms: ttlMs });
    },
    async enable(edge) {
      await must(edge, 'POST', proxy(edge), { enabled: true });
    },
    async read(edge) {
      return ProxyStatus.parse(await must(edge, 'GET', proxy(edge)));
    },
    async probe(edge) {
      const address = addressOf(edge);
      if (address === undefined) throw new AppError('not_found', `the edge "${edge}" has no proxy`);
      await probeAddress(edge, address);
    },
  };
}
