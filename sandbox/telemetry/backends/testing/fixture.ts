import type { Attributes } from '#contracts/telemetry/query.ts';
import { newSpanId, newTraceId, type TestLog, type TestSpan } from '../../testing.ts';

/** What the contract suite puts into every store, dated before `nowMs`. `run` is on each record: stores may hold more. */
export type Fixture = {
  run: string;
  spans: TestSpan[];
  logs: TestLog[];
  ids: Record<'checkout' | 'charge' | 'lookup', string>;
};

export const runAttribute = 'test.run';
export const orderId = '0198c0de-0000-7000-8000-00000000000a';

export function fixtureAt(nowMs: number, run: string): Fixture {
  const ids = { checkout: newTraceId(), charge: newTraceId(), lookup: newTraceId() };
  const own = <T extends { attributes?: Attributes }>(record: T): T => ({
    ...record,
    attributes: { ...record.attributes, [runAttribute]: run },
  });
  const logs: TestLog[] = [
    {
      service: 'orders',
      body: 'order placed',
      traceId: ids.checkout,
      attributes: { orderId, amount: 12, 'http.route': '/orders' },
    },
    { service: 'orders', body: 'Order cancelled', severityNumber: 13, attributes: { orderId: 'other', amount: 5 } },
    {
      service: 'billing',
      body: 'card was declined',
      severityNumber: 17,
      traceId: ids.charge,
      attributes: { reason: 'Insufficient funds' },
    },
    { service: 'billing', body: 'a "quoted" \\ path\nand {a line}', severityNumber: 5 },
    {
      service: 'inventory',
      body: '50% of .* is left',
      severityNumber: 21,
      attributes: { note: 'Grüße aus İstanbul', flag: true },
    },
  ];
  return {
    run,
    ids,
    spans: [
      ...checkout(ids.checkout, nowMs - 60_000),
      ...charge(ids.charge, nowMs - 50_000),
      ...lookup(ids.lookup, nowMs - 40_000),
      ...ticks(nowMs - 30_000),
    ].map(own),
    logs: logs.map((log, index) => own({ ...log, timeMs: nowMs - 20_000 + index * 7 })),
  };
}

/** One call through three services, as the fleet makes it: HTTP, a statement, a message. */
function checkout(traceId: string, startMs: number): TestSpan[] {
  const [gateway, call, orders, send] = [newSpanId(), newSpanId(), newSpanId(), newSpanId()];
  const http = { 'http.request.method': 'POST', 'http.response.status_code': 201 };
  return [
    {
      traceId,
      spanId: gateway,
      service: 'gateway',
      name: 'POST /checkout',
      kind: 2,
      startMs,
      durationMs: 120,
      attributes: { ...http, 'http.route': '/checkout' },
    },
    {
      traceId,
      spanId: call,
      parentSpanId: gateway,
      service: 'gateway',
      name: 'POST',
      kind: 3,
      startMs: startMs + 1,
      durationMs: 110,
      attributes: { ...http, 'peer.service': 'orders' },
    },
    {
      traceId,
      spanId: orders,
      parentSpanId: call,
      service: 'orders',
      name: 'POST /orders',
      kind: 2,
      startMs: startMs + 2,
      durationMs: 100,
      attributes: { ...http, 'http.route': '/orders', 'orrery.order.id': orderId },
    },
    {
      traceId,
      parentSpanId: orders,
      service: 'orders',
      name: 'INSERT orders',
      kind: 3,
      startMs: startMs + 3,
      durationMs: 8,
      attributes: { 'db.system.name': 'postgresql', 'db.collection.name': 'orders' },
    },
    {
      traceId,
      spanId: send,
      parentSpanId: orders,
      service: 'orders',
      name: 'send orders.events',
      kind: 4,
      startMs: startMs + 12,
      durationMs: 4,
      attributes: { 'messaging.destination.name': 'orders.events', 'messaging.destination.partition.id': '3' },
    },
    {
      traceId,
      parentSpanId: send,
      service: 'billing',
      name: 'process orders.events',
      kind: 5,
      startMs: startMs + 20,
      durationMs: 30,
      attributes: { 'messaging.destination.name': 'orders.events' },
    },
  ];
}

/** A call by gRPC that fails. */
function charge(traceId: string, startMs: number): TestSpan[] {
  const call = newSpanId();
  const rpc = { 'rpc.system': 'grpc', 'rpc.method': 'Charge' };
  return [
    {
      traceId,
      spanId: call,
      service: 'orders',
      name: 'billing/Charge',
      kind: 3,
      startMs,
      durationMs: 420,
      error: true,
      attributes: { ...rpc, 'peer.service': 'billing' },
    },
    {
      traceId,
      parentSpanId: call,
      service: 'billing',
      name: 'Charge "quoted" \\ path',
      kind: 2,
      startMs: startMs + 5,
      durationMs: 400,
      error: true,
      attributes: { ...rpc, n: 7, note: 'Grüße aus İstanbul' },
    },
  ];
}

/** What was asked wrongly is an error of the caller and of nobody else. */
function lookup(traceId: string, startMs: number): TestSpan[] {
  const call = newSpanId();
  const http = { 'http.request.method': 'GET', 'http.response.status_code': 404 };
  return [
    {
      traceId,
      spanId: call,
      service: 'gateway',
      name: 'GET',
      kind: 3,
      startMs,
      durationMs: 20,
      error: true,
      attributes: { ...http, 'peer.service': 'orders' },
    },
    {
      traceId,
      parentSpanId: call,
      service: 'orders',
      name: 'GET /orders/:id',
      kind: 2,
      startMs: startMs + 1,
      durationMs: 15,
      attributes: { ...http, 'http.route': '/orders/:id' },
    },
  ];
}

/** Traces of one span, two of them in the same instant. */
function ticks(startMs: number): TestSpan[] {
  return [0, 1, 2, 2, 3].map((after, index) => ({
    traceId: newTraceId(),
    service: 'inventory',
    name: `tick ${index}`,
    kind: 1,
    startMs: startMs + after,
    durationMs: 5 + index,
  }));
}

/** A second of traffic for rates: half of what is charged fails. */
export function trafficAt(nowMs: number): TestSpan[] {
  const startMs = nowMs - 800;
  const failed = charge(newTraceId(), startMs);
  const charged = charge(newTraceId(), startMs).map((span) => ({ ...span, error: false }));
  return [...checkout(newTraceId(), startMs), ...lookup(newTraceId(), startMs), ...failed, ...charged];
}
