import { describe, expect, test } from 'vitest';
import type { InvariantId } from '#contracts/sandbox/audit.ts';
import { invariants } from './index.ts';
import { type Findings, overdueBefore, type Sources } from './invariant.ts';
import { l01 } from './l01-acknowledged-orders-end.ts';
import { l02 } from './l02-outbox-drains.ts';
import { l03 } from './l03-no-orphan-reservation.ts';
import { l10 } from './l10-timers-fire.ts';
import { l12 } from './l12-index-is-catalogue.ts';
import { obs1 } from './obs1-one-connected-trace.ts';
import { s01 } from './s01-stock-bounds.ts';
import { s02 } from './s02-stock-follows-ledger.ts';
import { s04 } from './s04-double-entry.ts';
import { sec2 } from './sec2-no-personal-data.ts';

const orderId = '0193a1de-0000-7000-8000-000000000001';
const old = '2026-11-22T10:00:00.000Z';
const before = Date.parse('2026-11-22T10:01:00.000Z');

function problems({ violations }: Findings): string[] {
  return violations.map(({ subject }) => subject);
}

function hasEvidence({ evidence }: Findings): boolean {
  return (Object.values(evidence)[0] ?? 0) > 0;
}

/** A snapshot as it should be, and ones that break the invariant, by what the counterexample names. */
type Case<Snapshot> = {
  invariant: { id: string; check: (snapshot: Snapshot) => Findings };
  valid: Snapshot;
  broken: [subject: string, Snapshot][];
};

const shown = new Set<string>();

function judged<Snapshot>({ invariant, valid, broken }: Case<Snapshot>): void {
  if (broken.length > 0) shown.add(invariant.id);
  describe(invariant.id, () => {
    test('is valid with evidence on a snapshot as it should be', () => {
      const findings = invariant.check(valid);
      expect(problems(findings)).toEqual([]);
      expect(hasEvidence(findings)).toBe(true);
    });
    test.each(broken)('names %s', (subject, snapshot) => {
      expect(problems(invariant.check(snapshot))).toEqual([subject]);
    });
  });
}

judged({
  invariant: s01,
  valid: [{ sku: 'A', onHand: 3, reserved: 3 }],
  broken: [
    [
      'B',
      [
        { sku: 'A', onHand: 3, reserved: 0 },
        { sku: 'B', onHand: 1, reserved: 2 },
      ],
    ],
    ['C', [{ sku: 'C', onHand: -1, reserved: -1 }]],
  ],
});

const shelf = { sku: 'A', initial: 10, onHand: 8, reserved: 2, moved: -2, movements: 1, promised: 2, orderId: null };
judged({
  invariant: s02,
  valid: [shelf],
  broken: [
    ['A', [{ ...shelf, onHand: 7 }]],
    ['A', [{ ...shelf, promised: 0 }]],
  ],
});

const books = {
  entries: 4,
  transactions: 2,
  unbalanced: [],
  totals: [{ currency: 'EUR', sumMinor: 0 }],
  receivable: null,
};
judged({
  invariant: s04,
  valid: { ...books, receivable: [{ currency: 'EUR', booksMinor: 5, providerMinor: 5 }] },
  broken: [
    [orderId, { ...books, unbalanced: [{ transactionId: 't', orderId, currency: 'EUR', sumMinor: 1 }] }],
    ['EUR', { ...books, totals: [{ currency: 'EUR', sumMinor: -1 }] }],
    ['EUR', { ...books, receivable: [{ currency: 'EUR', booksMinor: 5, providerMinor: 10 }] }],
  ],
});

const promises = { overdueBefore: before, orders: 9, unfinished: [], missing: [], uncancelled: [], acknowledged: 9 };
judged({
  invariant: l01,
  valid: { ...promises, unfinished: [{ orderId, status: 'paid', updatedAt: '2026-11-22T10:02:00.000Z' }] },
  broken: [
    [orderId, { ...promises, unfinished: [{ orderId, status: 'paid', updatedAt: old }] }],
    [orderId, { ...promises, missing: [{ orderId, acknowledgedAt: old, by: 'client of run 1' }] }],
    [orderId, { ...promises, uncancelled: [{ orderId, acceptedAt: old, by: 'client of run 1' }] }],
  ],
});

const outbox = { service: 'orders', waiting: 0, parked: 0, oldestAt: null, oldestKey: null, oldestType: null };
judged({
  invariant: l02,
  valid: { overdueBefore: before, outboxes: [outbox] },
  broken: [
    [
      orderId,
      {
        overdueBefore: before,
        outboxes: [{ ...outbox, waiting: 2, oldestAt: old, oldestKey: orderId, oldestType: 'order.created' }],
      },
    ],
  ],
});

const held = (active: { orderStatus?: string | null; expiresAt?: string }) => ({
  total: 3,
  overdueBefore: before,
  active: [{ orderId, updatedAt: old, expiresAt: '2026-11-22T10:15:00.000Z', orderStatus: 'reserved', ...active }],
});
judged({
  invariant: l03,
  valid: held({}),
  broken: [
    [orderId, held({ orderStatus: 'cancelled' })],
    [orderId, held({ orderStatus: null })],
    [orderId, held({ expiresAt: old })],
  ],
});

const timers = { set: 4, overdue: [], forgotten: [], overdueBefore: before };
judged({
  invariant: l10,
  valid: timers,
  broken: [
    [orderId, { ...timers, overdue: [{ orderId, name: 'payment', attempt: 1, firesAt: old }] }],
    [orderId, { ...timers, forgotten: [{ orderId, status: 'reserved', dueAt: old }] }],
  ],
});

judged({
  invariant: l12,
  valid: { skus: ['A', 'B'], vectors: ['A', 'B'], model: 'm' },
  broken: [
    ['B', { skus: ['A', 'B'], vectors: ['A'], model: 'm' }],
    ['C', { skus: ['A'], vectors: ['A', 'C'], model: 'm' }],
  ],
});

test.each([
  ['product_embeddings', true],
  ['product_vectors', false],
])('L12 reads %s where inference keeps its vectors there', async (table, hasPgvector) => {
  const hasTable = async (database: string, name: string) =>
    hasPgvector && database === 'inference' && name === 'product_embeddings';
  const query = async (database: string, sql: string) =>
    database === 'inventory' ? [{ sku: 'A' }] : sql.includes(` from ${table} `) ? [{ sku: 'A', model: 'm' }] : [];
  const sources = { databases: { hasTable, query } } as unknown as Sources;
  expect(await l12.load(sources)).toEqual({ skus: ['A'], vectors: ['A'], model: 'm' });
});

const span = (spanId: string, parentSpanId: string | null, service: string) => ({
  spanId,
  parentSpanId,
  service,
  name: 'x',
  links: [],
});
const trace = {
  orderId,
  traceIds: ['a'],
  producers: ['orders'],
  spans: [span('1', 'client', 'gateway'), span('2', '1', 'orders')],
};
judged({
  invariant: obs1,
  valid: {
    gone: 0,
    traces: [trace, { ...trace, traceIds: ['a', 'b'], spans: [...trace.spans, span('9', null, 'gateway')] }],
  },
  broken: [
    [orderId, { gone: 0, traces: [{ ...trace, spans: [...trace.spans, span('3', 'lost', 'billing')] }] }],
    [orderId, { gone: 0, traces: [{ ...trace, producers: ['orders', 'workers'] }] }],
  ],
});

judged({
  invariant: sec2,
  valid: { messages: 5, onTopics: [], places: [] },
  broken: [
    [orderId, { messages: 5, onTopics: [{ orderId, place: 'orders.dlq/0/3' }], places: [] }],
    ['a log line of workers', { messages: 5, onTopics: [], places: ['a log line of workers'] }],
  ],
});

test('without timers, or without a trace, nothing is claimed', () => {
  expect(l10.check({ ...timers, set: null }).unknown).toBeDefined();
  expect(obs1.check({ gone: 1, traces: [] }).unknown).toBeDefined();
});

test('a deadline runs only while every process does', () => {
  const at = (calmSinceMs: number | null, final = false) =>
    overdueBefore({ calmSinceMs, nowMs: 100_000, final } as Sources, 30_000);
  expect(at(10_000)).toBe(70_000);
  expect(at(80_000)).toBe(0);
  expect(at(null)).toBe(0);
  expect(at(null, true)).toBe(100_000);
});

test('every invariant of the whole is broken by something here', () => {
  const ofFleet = invariants.filter(({ scope }) => scope === 'fleet').map(({ id }) => id);
  // In observed-faults.test.ts.
  const elsewhere: InvariantId[] = ['OBS2', 'OBS3'];
  expect(ofFleet.filter((id) => !shown.has(id))).toEqual(elsewhere);
});

test('every invariant of a single order and of the whole is in the registry once', () => {
  expect(new Set(invariants.map(({ id }) => id)).size).toBe(invariants.length);
  expect(invariants).toHaveLength(29);
});
