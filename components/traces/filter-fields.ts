import type { FilterField } from '#components/filter/use-suggestions.ts';

/** What the filter of the traces suggests; any other attribute may be typed. */
export const traceFields: readonly FilterField[] = [
  { name: 'service', note: 'process that made the span', values: true },
  { name: 'status', note: 'ok, error or unset', values: true },
  { name: 'duration', note: 'of the span: duration>200ms', values: false },
  { name: 'name', note: 'name of the span', values: true },
  { name: 'kind', note: 'server, client, producer…', values: true },
  { name: 'route', note: 'http.route', values: true },
  { name: 'http.response.status_code', note: 'status of an HTTP answer', values: true },
  { name: 'topic', note: 'topic of a message', values: true },
  { name: 'event', note: 'name of an event', values: true },
  { name: 'order', note: 'order id', values: false },
  { name: 'error.type', note: 'kind of failure', values: true },
  { name: 'chaos.fault.kind', note: 'fault that touched the span', values: true },
  { name: 'db.namespace', note: 'database', values: true },
  { name: 'rpc.method', note: 'gRPC method', values: true },
];
