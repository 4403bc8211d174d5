import { describe, expect, test } from 'vitest';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { FaultWindow, Footprint } from '#contracts/telemetry/faults.ts';
import type { Attributes, SpanKind } from '#contracts/telemetry/query.ts';
import type { SpanRecord } from '../records.ts';
import { newSpanId, newTraceId } from '../testing.ts';
import { subjectOf, touch } from './touch.ts';

/** The fault is on from 10 s to 20 s. */
const [fromMs, untilMs] = [10_000, 20_000];

type Given = {
  kind?: SpanKind;
  service?: string;
  at?: number;
  took?: number;
  error?: boolean;
  attributes?: Attributes;
  sentAt?: number;
};

function spanOf({ kind = 'client', service = 'gateway', at = 12_000, took = 50, ...given }: Given): SpanRecord {
  return {
    traceId: newTraceId(),
    spanId: newSpanId(),
    parentSpanId: null,
    name: 'x',
    kind,
    service,
    startNano: BigInt(at) * 1_000_000n,
    durationNano: took * 1e6,
    status: given.error === true ? 'error' : 'unset',
    statusMessage: null,
    scope: '',
    attributes: given.attributes ?? {},
    resource: {},
    events: [],
    links: [],
  };
}

const http = (to: string, more: Attributes = {}): Attributes => ({
  [names.httpRequestMethod]: 'GET',
  [names.peerService]: to,
  ...more,
});
const grpc = (to: string, more: Attributes = {}): Attributes => ({
  [names.rpcSystem]: 'grpc',
  [names.peerService]: to,
  ...more,
});
const sql = (more: Attributes = {}): Attributes => ({ [names.dbSystem]: 'postgresql', ...more });
const topic = (more: Attributes = {}): Attributes => ({ [names.messagingDestination]: 'orders.events', ...more });

function edge(effect: 'cut' | 'refuse' | 'delay' | 'all', more: Partial<Footprint> = {}): Footprint {
  return { on: 'edge', from: 'gateway', to: 'orders', protocol: 'http', leastMs: 0, effect, ...more } as Footprint;
}
const toPostgres = { from: 'orders', to: 'postgres', protocol: 'postgres' } as const;
const toBroker = { from: 'orders', to: 'broker', protocol: 'kafka' } as const;
const process = (name: string, effect: 'down' | 'slow', leastMs = 0): Footprint => ({
  on: 'process',
  process: name,
  effect,
  leastMs,
});

function verdict(footprint: Footprint, given: Given, window: Partial<FaultWindow> = {}) {
  const sent = given.sentAt === undefined ? null : BigInt(given.sentAt) * 1_000_000n;
  const fault = { id: 'f', kind: 'k', footprint, fromMs, untilMs, bites: true, ...window };
  return touch(fault, subjectOf(spanOf(given), sent));
}

type Case = [what: string, given: Given];

describe('an edge that answers late', () => {
  const latency = edge('delay', { leastMs: 400 });
  const held = { took: 450, attributes: http('orders') };
  test.each<Case>([
    ['a call that took as long', held],
    ['one that began before', { ...held, at: 9_800 }],
    ['one that ended after', { ...held, at: 19_900 }],
    ['one that its caller gave up', { took: 100, error: true, attributes: http('orders') }],
  ])('touches %s', (_what, given) => expect(verdict(latency, given)).toBe('yes'));
  test.each<Case>([
    ['that was quick', { took: 399, attributes: http('orders') }],
    ['that was over before', { ...held, at: 9_000 }],
    ['that came after', { ...held, at: 20_001 }],
    ['to somebody else', { ...held, attributes: http('history') }],
    ['of somebody else', { ...held, service: 'console' }],
    ['by another protocol', { ...held, attributes: grpc('orders') }],
    ['as its server saw it', { ...held, kind: 'server', service: 'orders' }],
    [
      'that was answered with a refusal',
      { took: 100, error: true, attributes: http('orders', { [names.httpResponseStatusCode]: 404 }) },
    ],
  ])('does not touch a call %s', (_what, given) => expect(verdict(latency, given)).toBe('no'));
});

describe('an edge that is cut', () => {
  const lost = { error: true, attributes: http('orders') };
  test.each<Case>([
    ['a call without an answer', lost],
    ['an answer that broke off', { error: true, attributes: http('orders', { [names.httpResponseStatusCode]: 200 }) }],
  ])('touches %s', (_what, given) => expect(verdict(edge('cut'), given)).toBe('yes'));
  test.each<Case>([
    ['that went through', { attributes: http('orders') }],
    [
      'that the other side refused',
      { error: true, attributes: http('orders', { [names.httpResponseStatusCode]: 503 }) },
    ],
    ['to somebody else', { ...lost, attributes: http('history') }],
    ['before', { ...lost, at: 9_900 }],
    ['after', { ...lost, at: 20_000 }],
  ])('does not touch a call %s', (_what, given) => expect(verdict(edge('cut'), given)).toBe('no'));

  test.each([
    ['14', 'yes'],
    ['4', 'yes'],
    ['5', 'no'],
  ] as const)('gRPC status %s: %s', (code, expected) => {
    const attributes = grpc('pricing', { [names.rpcGrpcStatusCode]: Number(code) });
    const footprint = edge('cut', { from: 'orders', to: 'pricing', protocol: 'grpc' });
    expect(verdict(footprint, { service: 'orders', error: true, attributes })).toBe(expected);
  });

  test.each([
    [undefined, 'yes'],
    ['57P01', 'yes'],
    ['23505', 'no'],
  ] as const)('SQLSTATE %s: %s', (state, expected) => {
    const attributes = sql(state === undefined ? {} : { [names.dbResponseStatus]: state });
    expect(verdict(edge('cut', toPostgres), { service: 'orders', error: true, attributes })).toBe(expected);
  });

  test('a message that was sent once it was over has waited, one that went through meanwhile has not', () => {
    const sent = { kind: 'producer', service: 'orders', attributes: topic() } as const;
    const waited = { ...sent, at: 20_300, attributes: topic({ [names.outboxDelayMs]: 4_000 }) };
    expect(verdict(edge('cut', toBroker), waited)).toBe('yes');
    expect(verdict(edge('cut', toBroker), { ...waited, service: 'billing' })).toBe('no');
    expect(verdict(edge('cut', toBroker), { ...waited, attributes: topic() })).toBe('no');
    expect(verdict(edge('cut', toBroker), { ...sent, took: 300 })).toBe('no');
    expect(verdict(edge('cut', toBroker), { ...sent, error: true })).toBe('yes');
    // While nobody knows of its end, that is open.
    expect(verdict(edge('cut', toBroker), { ...sent, took: 300 }, { untilMs: null })).toBe('later');
  });

  test('what is not even tried because the breaker is open is touched too, and for a while after', () => {
    const refused = { kind: 'server', error: true, attributes: { [names.unreachable]: 'orders' } } as const;
    expect(verdict(edge('refuse'), refused)).toBe('yes');
    expect(verdict(edge('refuse'), { ...refused, at: 25_000 })).toBe('yes');
    expect(verdict(edge('refuse'), { ...refused, at: 31_000 })).toBe('no');
    expect(verdict(edge('refuse'), { ...refused, service: 'orders' })).toBe('no');
    expect(verdict(process('pricing', 'down'), refused)).toBe('no');
  });
});

test('a slow link touches every call on it, and no other', () => {
  expect(verdict(edge('all'), { took: 1, attributes: http('orders') })).toBe('yes');
  expect(verdict(edge('all'), { took: 1, attributes: http('history') })).toBe('no');
  expect(verdict(edge('all'), { took: 1, at: 20_000, attributes: http('orders') })).toBe('no');
});

test('a locked table touches statements on it that waited', () => {
  const locked = edge('delay', { ...toPostgres, table: 'outbox', leastMs: 250 });
  const on = (table: string, took: number) =>
    verdict(locked, { service: 'orders', took, attributes: sql({ [names.dbCollection]: table }) });
  expect([on('outbox', 300), on('outbox', 20), on('orders', 300)]).toEqual(['yes', 'no', 'no']);
});

describe('a process that is down', () => {
  const down = process('inventory', 'down');
  test.each<Case>([
    ['a call to it that failed', { error: true, attributes: http('inventory') }],
    [
      'what it handled of a message that had been sent meanwhile',
      { kind: 'consumer', service: 'inventory', at: 21_000, sentAt: 15_000, attributes: topic() },
    ],
    [
      'what it handled of a message that it had died over',
      { kind: 'consumer', service: 'inventory', at: 21_000, sentAt: 9_990, attributes: topic() },
    ],
    [
      'what it sent of a row that waited',
      { kind: 'producer', service: 'inventory', at: 21_000, attributes: topic({ [names.outboxDelayMs]: 5_000 }) },
    ],
    ['a request that it served while it went', { kind: 'server', service: 'inventory', at: 9_990 }],
  ])('touches %s', (_what, given) => expect(verdict(down, given)).toBe('yes'));
  test.each<Case>([
    ['a call to it that succeeded', { attributes: http('inventory') }],
    ['a call to another that failed', { error: true, attributes: http('history') }],
    ['a call that failed before', { error: true, at: 9_000, attributes: http('inventory') }],
    ['a call that failed after', { error: true, at: 20_500, attributes: http('inventory') }],
    [
      'a message that was sent afterwards',
      { kind: 'consumer', service: 'inventory', at: 21_000, sentAt: 20_990, attributes: topic() },
    ],
    ['a message of another', { kind: 'consumer', service: 'billing', at: 15_000, sentAt: 14_000, attributes: topic() }],
    ['its own work inside', { kind: 'internal', service: 'inventory' }],
  ])('does not touch %s', (_what, given) => expect(verdict(down, given)).toBe('no'));

  test('the broker: who could not send, and what waited in it', () => {
    const broker = process('broker', 'down');
    expect(verdict(broker, { kind: 'producer', error: true, attributes: topic() })).toBe('yes');
    expect(verdict(broker, { kind: 'consumer', at: 20_100, sentAt: 9_000, attributes: topic() })).toBe('yes');
    expect(verdict(broker, { kind: 'consumer', at: 12_000, sentAt: 11_990, attributes: topic() })).toBe('no');
    expect(verdict(broker, { error: true, attributes: http('orders') })).toBe('no');
  });

  test('Postgres: statements that broke, and work that got no connection', () => {
    const postgres = process('postgres', 'down');
    expect(verdict(postgres, { error: true, attributes: sql() })).toBe('yes');
    expect(verdict(postgres, { attributes: sql() })).toBe('no');
    expect(verdict(postgres, { kind: 'server', error: true, attributes: { [names.unreachable]: 'postgres' } })).toBe(
      'yes',
    );
  });
});

describe('a process that stands still', () => {
  test('touches what it serves and who calls it while it does', () => {
    const frozen = process('inventory', 'slow');
    expect(verdict(frozen, { kind: 'server', service: 'inventory', at: 9_000, took: 11_500 })).toBe('yes');
    expect(verdict(frozen, { attributes: http('inventory') })).toBe('yes');
    const itsCall = { service: 'inventory', attributes: http('history') };
    expect(verdict(frozen, { ...itsCall, error: true })).toBe('yes');
    expect(verdict(frozen, itsCall)).toBe('no');
    expect(verdict(frozen, { kind: 'internal', service: 'inventory', error: true })).toBe('no');
    const after = { kind: 'consumer', service: 'inventory', at: 20_100, attributes: topic() } as const;
    expect(verdict(frozen, { ...after, sentAt: 15_000 })).toBe('yes');
    expect(verdict(frozen, { ...after, sentAt: 20_090 })).toBe('no');
    expect(verdict(frozen, { kind: 'server', service: 'orders' })).toBe('no');
    expect(verdict(frozen, { kind: 'server', service: 'inventory', at: 9_000 })).toBe('no');
    expect(verdict(frozen, { attributes: http('inventory'), at: 20_100 })).toBe('no');
  });
  test('for a time touches only what took that long', () => {
    const blocked = process('inventory', 'slow', 400);
    expect(verdict(blocked, { kind: 'consumer', service: 'inventory', took: 420, attributes: topic() })).toBe('yes');
    expect(verdict(blocked, { kind: 'consumer', service: 'inventory', took: 20, attributes: topic() })).toBe('no');
  });
});

describe('a fault without a hit', () => {
  const held: Given = { took: 450, attributes: http('orders') };
  const slow = edge('delay', { leastMs: 400 });
  test('touches nothing when it has ended, and nobody knows while it is on', () => {
    expect(verdict(slow, held, { bites: false })).toBe('no');
    expect(verdict(slow, held, { bites: false, untilMs: null })).toBe('later');
    expect(verdict(slow, { ...held, took: 1 }, { bites: false, untilMs: null })).toBe('no');
  });
  test('touches who was refused: such hits are not counted', () => {
    expect(verdict(edge('refuse'), { error: true, attributes: http('orders') }, { bites: false })).toBe('yes');
  });
});
