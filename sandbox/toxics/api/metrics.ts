import type { TcpProxy } from '../proxy/tcp-proxy.ts';

/** Prometheus text format 0.0.4 with Toxiproxy's metric names, and hits per toxic. */
export function renderMetrics(proxies: readonly TcpProxy[]): string {
  const received = proxies.flatMap((proxy) =>
    (['upstream', 'downstream'] as const).map((direction) =>
      sample(
        'toxiproxy_proxy_received_bytes_total',
        { direction, listener: proxy.listen, proxy: proxy.name, upstream: proxy.upstream },
        proxy.receivedBytes[direction],
      ),
    ),
  );
  const hits = proxies.flatMap((proxy) =>
    proxy.toxics.map((toxic) =>
      sample(
        'toxiproxy_toxic_hits_total',
        { proxy: proxy.name, stream: toxic.stream, toxic: toxic.name, type: toxic.kind.type },
        toxic.hits.count,
      ),
    ),
  );
  const connections = proxies.map((proxy) =>
    sample('toxiproxy_proxy_connections', { proxy: proxy.name }, proxy.connectionCount),
  );
  return [
    '# HELP toxiproxy_proxy_received_bytes_total Bytes that came in, by direction.',
    '# TYPE toxiproxy_proxy_received_bytes_total counter',
    ...received,
    '# HELP toxiproxy_toxic_hits_total What a toxic has touched: chunks, closings, resets.',
    '# TYPE toxiproxy_toxic_hits_total counter',
    ...hits,
    '# HELP toxiproxy_proxy_connections Open connections.',
    '# TYPE toxiproxy_proxy_connections gauge',
    ...connections,
    '',
  ].join('\n');
}

function sample(name: string, labels: Record<string, string>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}{${pairs.join(',')}} ${value}`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
