/**
 * Toxiproxy as faults use it (https://github.com/Shopify/toxiproxy, API of 2.12). It knows neither leases nor hits: the
 * lease is held by the engine of faults alone, and whoever wants to know what a fault has touched asks the traces.
 */
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import type { World } from '#sandbox/chaos/world.ts';
import type { Address } from '../addresses.ts';
import { createProxyApi, probeAddress } from './proxy-api.ts';

const Toxic = z.object({ name: z.string() });
const ProxyStatus = z.object({ enabled: z.boolean(), toxics: z.array(Toxic) });

export type Toxiproxy = World['proxies'] & {
  /** Takes every fault of ours off an edge, known to us or not, and tells of each. What was added by hand stays. */
  sweep(edge: string): Promise<string[]>;
};

/** Toxics of ours are named after their fault (sandbox/chaos/toxic-injection.ts): its id, a dash, what they do. */
const ownToxic = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-/;

/** `addressOf` tells where callers of an edge are sent. Throws `dependency_failed` when Toxiproxy does not answer. */
export function createToxiproxyClient(
  api: string,
  addressOf: (edge: string) => Address | undefined,
  touched: (faultId: string) => Promise<number>,
): Toxiproxy {
  const { proxy, toxic, call, must } = createProxyApi(api);
  const statusOf = async (edge: string) => ProxyStatus.parse(await must(edge, 'GET', proxy(edge)));
  return {
    touched,
    async addToxic(edge, { ttlMs: _lease, seed: _seed, ...order }) {
      await must(edge, 'POST', `${proxy(edge)}/toxics`, order);
    },
    async removeToxic(edge, name) {
      await call('DELETE', toxic(edge, name));
    },
    async readToxic(edge, name) {
      const { status, body } = await call('GET', toxic(edge, name));
      if (status === 404) return null;
      Toxic.parse(body);
      return { hits: 0 };
    },
    async disable(edge) {
      await must(edge, 'POST', proxy(edge), { enabled: false });
    },
    async enable(edge) {
      await must(edge, 'POST', proxy(edge), { enabled: true });
    },
    async read(edge) {
      const { enabled } = await statusOf(edge);
      return { enabled, cut: 0 };
    },
    async probe(edge) {
      const address = addressOf(edge);
      if (address === undefined) throw new AppError('not_found', `the edge "${edge}" has no proxy`);
      await probeAddress(edge, address);
    },
    async sweep(edge) {
      const answer = await call('GET', proxy(edge));
      // Where there is no proxy, there is nothing on it.
      if (answer.status === 404) return [];
      const { enabled, toxics } = ProxyStatus.parse(answer.body);
      const own = toxics.map(({ name }) => name).filter((name) => ownToxic.test(name));
      for (const name of own) await call('DELETE', toxic(edge, name));
      if (!enabled) await must(edge, 'POST', proxy(edge), { enabled: true });
      return [...own, ...(enabled ? [] : ['a refusal'])];
    },
  };
}
