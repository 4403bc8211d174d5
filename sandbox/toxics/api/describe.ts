/** Proxies and toxics as JSON: Toxiproxy's fields, and ours beside them (clients ignore what they do not know). */
import type { Clock } from '../clock.ts';
import type { TcpProxy } from '../proxy/tcp-proxy.ts';
import type { Toxic } from '../proxy/toxic.ts';

export function describeToxic(toxic: Toxic, clock: Clock) {
  return {
    attributes: toxic.attributes,
    name: toxic.name,
    type: toxic.kind.type,
    stream: toxic.stream,
    toxicity: toxic.toxicity,
    hits: toxic.hits.count,
    ...(toxic.expiresAtMs === null ? {} : { remaining_ms: Math.max(0, Math.round(toxic.expiresAtMs - clock.now())) }),
  };
}

export function describeProxy(proxy: TcpProxy, clock: Clock) {
  return {
    name: proxy.name,
    listen: proxy.listen,
    upstream: proxy.upstream,
    enabled: proxy.enabled,
    toxics: proxy.toxics.map((toxic) => describeToxic(toxic, clock)),
    connections: proxy.connectionCount,
    cut: proxy.cut,
  };
}
