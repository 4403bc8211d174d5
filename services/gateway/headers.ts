import type { IncomingHttpHeaders } from 'node:http';

/** Fields that belong to one connection (RFC 9110 §7.6.1), never passed on. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What an upstream may learn of a request. A list of what passes, so that nothing slips through by being new. */
const forwarded = [
  'accept',
  'accept-language',
  'authorization',
  'content-type',
  'idempotency-key',
  'if-none-match',
  'last-event-id',
  'user-agent',
  'x-saga-style',
] as const;

/** Fields that would tell about our insides, or that only the edge may set. */
const internal = new Set(['server', 'x-powered-by', 'set-cookie', 'date', 'x-request-id', 'traceparent', 'tracestate']);

type Headers = Record<string, string>;

/** Header fields for the upstream. Trace context is added by instrumentation, not copied from the outside. */
export function upstreamHeaders(incoming: IncomingHttpHeaders, requestId: string): Headers {
  const headers: Headers = { 'x-request-id': requestId };
  for (const name of forwarded) {
    const value = incoming[name];
    if (typeof value === 'string') headers[name] = value;
  }
  return headers;
}

/** Header fields of an upstream's answer that go on to the client. */
export function clientHeaders(upstream: IncomingHttpHeaders): Headers {
  const named = new Set(
    String(upstream.connection ?? '')
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  );
  const headers: Headers = {};
  for (const [name, value] of Object.entries(upstream)) {
    if (value === undefined || hopByHop.has(name) || named.has(name) || internal.has(name)) continue;
    if (name.startsWith('access-control-')) continue;
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
