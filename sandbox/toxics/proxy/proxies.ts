/** All proxies by name, what may be done with them, and the leases that end what was done. */
import { AppError } from '#contracts/errors.ts';
import type { Clock } from '../clock.ts';
import type { ToxicKind } from '../kinds/kind.ts';
import { TcpProxy } from './tcp-proxy.ts';
import type { Stream, Toxic } from './toxic.ts';

export type ProxyInput = { name: string; listen: string; upstream: string; enabled: boolean };
export type ToxicInput = {
  name: string;
  kind: ToxicKind;
  stream: Stream;
  toxicity: number;
  attributes: Record<string, number>;
  /** Milliseconds until it ends by itself; null stays until removed, as in Toxiproxy. */
  ttlMs: number | null;
  seed: string;
};

export type ProxiesOptions = {
  clock: Clock;
  /** Called when a lease has ended something, with what. */
  onExpired?(proxy: string, toxic: string | null): void;
};

export type Proxies = ReturnType<typeof createProxies>;

export function createProxies({ clock, onExpired }: ProxiesOptions) {
  const proxies = new Map<string, TcpProxy>();
  /** Ends of leases by `proxy` (disabled) or `proxy/toxic`. */
  const leases = new Map<string, () => void>();

  function get(name: string): TcpProxy {
    const proxy = proxies.get(name);
    if (proxy === undefined) throw new AppError('not_found', 'proxy not found');
    return proxy;
  }

  function getToxic(proxy: TcpProxy, name: string): Toxic {
    const toxic = proxy.toxics.find((candidate) => candidate.name === name);
    if (toxic === undefined) throw new AppError('not_found', 'toxic not found');
    return toxic;
  }

  function lease(key: string, ttlMs: number | null, end: () => void): void {
    leases.get(key)?.();
    leases.delete(key);
    if (ttlMs === null) return;
    const cancel = clock.after(ttlMs, () => {
      leases.delete(key);
      end();
    });
    leases.set(key, cancel);
  }

  async function create({ enabled, ...input }: ProxyInput): Promise<TcpProxy> {
    if (proxies.has(input.name)) throw new AppError('conflict', 'proxy already exists');
    const proxy = new TcpProxy({ ...input, clock });
    if (enabled) await proxy.start();
    proxies.set(input.name, proxy);
    return proxy;
  }

  async function remove(name: string): Promise<void> {
    const proxy = get(name);
    for (const toxic of proxy.toxics) lease(`${name}/${toxic.name}`, null, () => {});
    lease(name, null, () => {});
    proxies.delete(name);
    await proxy.stop();
  }

  /** `ttlMs` re-enables a proxy that this disables. */
  async function update(name: string, change: Omit<ProxyInput, 'name'>, ttlMs: number | null): Promise<TcpProxy> {
    const proxy = get(name);
    if (change.listen !== proxy.listen || change.upstream !== proxy.upstream) {
      // Throws before anything is touched when an address is wrong.
      const { listen, upstream } = new TcpProxy({ name, clock, ...change });
      await proxy.stop();
      Object.assign(proxy, { listen, upstream });
    }
    await (change.enabled ? proxy.start() : proxy.stop());
    lease(name, change.enabled ? null : ttlMs, () => {
      onExpired?.(name, null);
      void proxy.start().catch(() => {});
    });
    return proxy;
  }

  function removeToxic(proxy: TcpProxy, name: string): void {
    getToxic(proxy, name);
    lease(`${proxy.name}/${name}`, null, () => {});
    proxy.setToxics(proxy.toxics.filter((toxic) => toxic.name !== name));
  }

  function addToxic(proxy: TcpProxy, { ttlMs, ...input }: ToxicInput): Toxic {
    if (proxy.toxics.some((toxic) => toxic.name === input.name)) {
      throw new AppError('conflict', 'toxic already exists');
    }
    const expiresAtMs = ttlMs === null ? null : clock.now() + ttlMs;
    const toxic: Toxic = { ...input, expiresAtMs, hits: { count: 0 } };
    proxy.setToxics([...proxy.toxics, toxic]);
    lease(`${proxy.name}/${toxic.name}`, ttlMs, () => {
      onExpired?.(proxy.name, toxic.name);
      proxy.setToxics(proxy.toxics.filter((candidate) => candidate.name !== toxic.name));
    });
    return toxic;
  }

  /** Same name, kind, stream and lease; other attributes or toxicity. */
  function updateToxic(proxy: TcpProxy, name: string, change: Pick<Toxic, 'attributes' | 'toxicity'>): Toxic {
    const before = getToxic(proxy, name);
    const toxic: Toxic = { ...before, ...change };
    proxy.setToxics(proxy.toxics.map((candidate) => (candidate === before ? toxic : candidate)));
    return toxic;
  }

  /** Takes proxies as they are described: one that is there with the same addresses keeps its toxics. */
  async function populate(inputs: readonly ProxyInput[]): Promise<TcpProxy[]> {
    const result: TcpProxy[] = [];
    for (const input of inputs) {
      const known = proxies.get(input.name);
      if (known !== undefined && known.listen === input.listen && known.upstream === input.upstream) {
        await (input.enabled ? known.start() : known.stop());
        result.push(known);
        continue;
      }
      if (known !== undefined) await remove(input.name);
      result.push(await create(input));
    }
    return result;
  }

  /** Enables every proxy and removes every toxic. */
  async function reset(): Promise<void> {
    for (const proxy of proxies.values()) {
      lease(proxy.name, null, () => {});
      for (const toxic of proxy.toxics) lease(`${proxy.name}/${toxic.name}`, null, () => {});
      proxy.setToxics([]);
      await proxy.start();
    }
  }

  async function close(): Promise<void> {
    for (const name of [...proxies.keys()]) await remove(name);
  }

  return {
    all: () => [...proxies.values()],
    get,
    getToxic,
    create,
    update,
    remove,
    addToxic,
    updateToxic,
    removeToxic,
    populate,
    reset,
    close,
  };
}
