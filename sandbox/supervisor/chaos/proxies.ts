/** The proxies as faults use them: a client of Toxiproxy's API with our two fields more (leases and seeds). */
import { once } from 'node:events';
import { connect } from 'node:net';
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import type { World } from '#sandbox/chaos/world.ts';
import type { Address } from '../addresses.ts';

const Toxic = z.object({ name: z.string(), hits: z.int() });
const ProxyStatus = z.object({ enabled: z.boolean(), cut: z.int(), toxics: z.array(Toxic) });
const timeoutMs = 2_000;

/** `addressOf` tells where callers of an edge are sent. Throws `dependency_failed` when the proxies do not answer. */
export function createProxiesClient(api: string, addressOf: (edge: string) => Address | undefined): World['proxies'] {
  async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${api}${path}`, { method, ...init, signal: AbortSignal.timeout(timeoutMs) }).catch(
      (cause: unknown) => {
        throw new AppError('dependency_failed', 'toxics does not answer', { cause });
      },
    );
    const text = await response.text();
    const answer: unknown = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : null;
    if (response.ok || response.status === 404) return { status: response.status, body: answer };
    const { error = `status ${response.status}` } = (answer ?? {}) as { error?: string };
    throw new AppError(response.status === 409 ? 'conflict' : 'dependency_failed', `toxics: ${error}`);
  }

  const proxy = (edge: string) => `/proxies/${encodeURIComponent(edge)}`;
  const toxic = (edge: string, name: string) => `${proxy(edge)}/toxics/${encodeURIComponent(name)}`;

  async function must(edge: string, method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await call(method, path, body);
    if (answer.status === 404) throw new AppError('not_found', `toxics has no proxy "${edge}"`);
    return answer.body;
  }

  return {
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
      const socket = connect(address);
      try {
        await once(socket, 'connect', { signal: AbortSignal.timeout(timeoutMs) });
      } catch (cause) {
        throw new AppError('dependency_failed', `${edge} cannot be connected to`, { cause });
      } finally {
        socket.destroy();
      }
    },
  };
}
