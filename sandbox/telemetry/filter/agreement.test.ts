import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conditionProblem } from '#contracts/telemetry/filter.ts';
import {
  type Attributes,
  type Condition,
  type Filter,
  Severity,
  SpanKind,
  SpanStatus,
} from '#contracts/telemetry/query.ts';
import { silentLog } from '#sandbox/log.ts';
import type { SpanRecord, StoredLog } from '../records.ts';
import { openStore, type Store } from '../store/store.ts';
import { newSpanId, newTraceId, temporaryFolder } from '../testing.ts';
import { logMatches, spanMatches } from './matches.ts';
import { createSqlParts, filterToSql } from './to-sql.ts';

/** The store's SQL and the live matcher must mean the same, or a live list would disagree with its own reload. */
const texts = [
  'orders',
  'POST /orders',
  'Order',
  'x"y',
  "it's",
  'a\\b',
  'Grüße',
  '50%',
  '0198c0de-0000-7000-8000-000000000001',
  'deadbeef99',
  'true',
  '12',
  '200',
  '',
  ' ',
  '",',
  '{',
  'key":"value',
  "'; drop table spans; --",
  '\u0000',
  'a\nb',
];
const keys = [
  'http.route',
  'http.response.status_code',
  'orrery.order.id',
  'n',
  'flag',
  'list',
  'a/b~c',
  'key',
  'service.version',
  'toString',
];
const value = fc.oneof(
  fc.constantFrom(...texts),
  fc.constantFrom(0, 1, 12, 200, 404, 500, 12345, 99999, -3, 0.5, 1e21),
  fc.boolean(),
);
const attributes: fc.Arbitrary<Attributes> = fc.dictionary(
  fc.constantFrom(...keys),
  fc.oneof(value, fc.array(fc.constantFrom(...texts), { maxLength: 2 })),
  { maxKeys: 5, noNullPrototype: true },
);
const service = fc.constantFrom('orders', 'billing', 'Order');
const span: fc.Arbitrary<SpanRecord> = fc.record({
  traceId: fc.constantFrom('a'.repeat(32), 'b'.repeat(32)),
  spanId: fc.constant('').map(newSpanId),
  parentSpanId: fc.constant(null),
  name: fc.constantFrom(...texts),
  kind: fc.constantFrom(...SpanKind.options),
  service,
  startNano: fc.constant(1_700_000_000_000_000_000n),
  durationNano: fc.constantFrom(0, 1, 1_000_000, 200_000_000),
  status: fc.constantFrom(...SpanStatus.options),
  statusMessage: fc.option(fc.constantFrom(...texts)),
  scope: fc.constantFrom('http', 'pg'),
  attributes,
  resource: fc.constantFrom<Attributes>({ 'service.version': '1.0' }, { key: 'value', n: 12 }),
  events: fc.constant([]),
  links: fc.constant([]),
});
const log: fc.Arbitrary<Omit<StoredLog, 'seq'>> = fc.record({
  timeNano: fc.constant(1_700_000_000_000_000_000n),
  severity: fc.constantFrom(...Severity.options),
  service,
  instance: fc.option(fc.constantFrom('orders-1', 'orders-2')),
  body: fc.constantFrom(...texts),
  traceId: fc.option(fc.constantFrom('a'.repeat(32), 'b'.repeat(32))),
  spanId: fc.constant(null),
  attributes,
});

const fields = [
  'service',
  'name',
  'kind',
  'status',
  'duration',
  'severity',
  'body',
  'traceId',
  'scope',
  'instance',
  'text',
  'service.name',
  'http.status_code',
  ...keys,
];
const closed: Record<string, readonly string[]> = {
  kind: SpanKind.options,
  status: SpanStatus.options,
  severity: Severity.options,
};
const condition: fc.Arbitrary<Condition> = fc
  .record({
    field: fc.constantFrom(...fields),
    op: fc.constantFrom('eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'contains', 'exists'),
    value: fc.oneof(value, fc.constantFrom(1_000_000, 'error', 'r', 'E', 'a'.repeat(32))),
    pick: fc.nat(),
  })
  .map(({ pick, ...c }): Condition => {
    const values = Object.hasOwn(closed, c.field) ? closed[c.field] : undefined;
    if (c.op === 'exists') return { ...c, value: pick % 2 === 0 ? null : false };
    return values === undefined || c.op === 'contains' ? c : { ...c, value: values[pick % values.length] ?? null };
  })
  .filter((c) => conditionProblem(c) === null);
const filter: fc.Arbitrary<Filter> = fc.record({
  conditions: fc.array(condition, { maxLength: 3 }),
  text: fc.option(fc.constantFrom(...texts, 'ORDER', 'grü', '0198C0DE', '99999')),
});

let folder: string;
let store: Store;
let spans: SpanRecord[];
let logs: StoredLog[];
beforeAll(async () => {
  folder = await temporaryFolder();
  store = await openStore({ folder, budgetBytes: 2 ** 30, flushMs: 1, startOf: () => null, log: silentLog });
  spans = fc.sample(span, 400);
  logs = fc.sample(log, 400).map((record) => ({ ...record, seq: store.nextSeq(), spanId: newSpanId() }));
  store.addSpans(
    spans.map((record) => ({ span: record, seq: store.nextSeq(), arrivedMs: 1 })),
    [],
  );
  store.addLogs(logs);
  await store.flush();
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function idsFromStore(table: 'spans' | 'logs', wanted: Filter): Promise<string[]> {
  const parts = createSqlParts();
  const where = ['true', ...filterToSql(wanted, table, parts)].join(' and ');
  return store.read(new AbortController().signal, async (read) =>
    (await read(`select span_id from ${table} where ${where} order by 1`, parts.params)).map((row) =>
      String(row.span_id),
    ),
  );
}

test('SQL and the live matcher find the same spans', async () => {
  await fc.assert(
    fc.asyncProperty(filter, async (wanted) => {
      const live = spans.filter((record) => spanMatches(wanted, record)).map((record) => record.spanId);
      expect(await idsFromStore('spans', wanted)).toEqual(live.sort());
    }),
    { numRuns: 200 },
  );
}, 60_000);

test('SQL and the live matcher find the same logs', async () => {
  await fc.assert(
    fc.asyncProperty(filter, async (wanted) => {
      const live = logs.filter((record) => logMatches(wanted, record)).map((record) => String(record.spanId));
      expect(await idsFromStore('logs', wanted)).toEqual(live.sort());
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('what looks like SQL in a filter stays a value', async () => {
  const attack = "orders' or 1=1; drop table spans; --";
  const fieldsUnderAttack = ['service', 'name', attack, `a"b'c`];
  for (const field of fieldsUnderAttack)
    expect(await idsFromStore('spans', { conditions: [{ field, op: 'eq', value: attack }], text: null })).toEqual([]);
  expect(await idsFromStore('spans', { conditions: [], text: `${attack}${newTraceId()}` })).toEqual([]);
  expect((await idsFromStore('spans', { conditions: [], text: null })).length).toBe(spans.length);
});
