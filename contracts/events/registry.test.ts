import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAppError } from '../errors.ts';
import { backwardIncompatibilities } from './compatibility.ts';
import type { EventMetadata } from './envelope.ts';
import { type EventName, events } from './events.ts';
import { type JsonSchema, jsonSchemaOf } from './json-schema.ts';
import { makeEvent, parseEvent } from './registry.ts';
import { upcast, upcasters } from './upcasters.ts';

const uuid = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const metadata: EventMetadata = {
  id: uuid(1),
  occurredAt: '2026-11-22T10:00:00.000Z',
  correlationId: uuid(2),
  causationId: null,
  sagaId: uuid(3),
  aggregateVersion: 1,
  producer: 'inventory',
};
const committed = () => makeEvent('inventory.committed', { orderId: uuid(2), reservationId: uuid(4) }, metadata);

describe('reading events', () => {
  test('reads back what was made', () => {
    expect(parseEvent(JSON.stringify(committed()))).toEqual(committed());
  });

  test('ignores optional fields that a newer producer added', () => {
    const newer = { ...committed(), version: '1.4.0', data: { ...committed().data, warehouse: 'north' } };
    expect(parseEvent(JSON.stringify(newer)).event).toBe('inventory.committed');
  });

  test.each([
    ['not JSON', '{'],
    ['no envelope', '{"hello":1}'],
    ['an unknown event', JSON.stringify({ ...committed(), event: 'inventory.exploded' })],
    ['a name from the prototype', JSON.stringify({ ...committed(), event: 'toString' })],
    ['an unknown major version', JSON.stringify({ ...committed(), version: '2.0.0' })],
    ['data that breaks the schema', JSON.stringify({ ...committed(), data: { orderId: 'x' } })],
  ])('refuses %s as invalid, never to be retried', (_what, body) => {
    try {
      parseEvent(body);
      expect.unreachable();
    } catch (error) {
      expect(isAppError(error, 'invalid_argument')).toBe(true);
      expect(isAppError(error) && error.retryable).toBe(false);
    }
  });

  test('refuses to make an event that breaks its own contract', () => {
    expect(() => makeEvent('inventory.committed', { orderId: 'x', reservationId: uuid(4) }, metadata)).toThrow(
      /breaks its own contract/,
    );
  });
});

describe('two major versions side by side', () => {
  const invoice = { orderId: uuid(2), invoiceNumber: 'INV-2026-000001', sizeBytes: 1234 };
  const sha256 = 'a'.repeat(64);

  test('a message of either version is read as the newest, and says which it was', () => {
    const second = makeEvent('invoice.issued', { ...invoice, sha256 }, metadata);
    const first = { ...second, version: '1.1.0', data: invoice };
    expect(parseEvent(JSON.stringify(first))).toMatchObject({ version: '1.1.0', data: { ...invoice, sha256: null } });
    expect(parseEvent(JSON.stringify(second))).toMatchObject({ version: '2.0.0', data: { ...invoice, sha256 } });
  });

  test('a message of the older version with the data of none is refused', () => {
    const first = { event: 'invoice.issued', version: '1.0.0', data: { orderId: uuid(2) }, metadata };
    expect(() => parseEvent(JSON.stringify(first))).toThrow(/does not match its schema/);
  });

  test('a version from the future, and one without a way up, are refused', () => {
    const data = { ...invoice, sha256 };
    expect(() => parseEvent(JSON.stringify({ event: 'invoice.issued', version: '3.0.0', data, metadata }))).toThrow();
    expect(upcast('invoice.issued', invoice, 0, 2)).toBeNull();
  });
});

describe('schemas on record', () => {
  const folder = join(import.meta.dirname, 'schemas');
  const names = Object.keys(events) as EventName[];
  const onRecord = (name: EventName) =>
    readdirSync(join(folder, name)).map((file) => ({
      version: file.replace('.json', ''),
      schema: JSON.parse(readFileSync(join(folder, name, file), 'utf8')) as JsonSchema,
    }));

  test('exist for every event and for no other', () => {
    expect(readdirSync(folder).sort()).toEqual([...names].sort());
  });

  test.each(names)('%s: the current version is on record as it is (else run render-schemas.ts)', (name) => {
    const current = onRecord(name).find(({ version }) => version === events[name].version);
    expect(JSON.parse(JSON.stringify(jsonSchemaOf(name)))).toEqual(current?.schema);
  });

  test.each(names)('%s: every major version on record can still be read', (name) => {
    const newest = Number(events[name].version.split('.')[0]);
    for (const { version } of onRecord(name)) {
      for (let major = Number(version.split('.')[0]); major < newest; major += 1) {
        expect(upcasters[name]?.[major], `${name} ${major} → ${major + 1}`).toBeDefined();
      }
    }
  });

  test.each(names)('%s: reads everything that any version of the same major wrote', (name) => {
    const major = `${events[name].version.split('.')[0]}.`;
    const versions = onRecord(name).filter(({ version }) => version.startsWith(major));
    expect(versions.length).toBeGreaterThan(0);
    for (const { schema } of versions) expect(backwardIncompatibilities(schema, jsonSchemaOf(name))).toEqual([]);
  });
});

describe('backward compatibility', () => {
  const base: JsonSchema = {
    type: 'object',
    properties: {
      a: { type: 'string', enum: ['x', 'y'] },
      b: { type: 'array', items: { type: 'integer', minimum: 0 } },
    },
    required: ['a'],
  };
  const change = (patch: (schema: JsonSchema) => void) => {
    const next = structuredClone(base);
    patch(next);
    return backwardIncompatibilities(base, next);
  };
  const properties = (schema: JsonSchema) => schema.properties as Record<string, JsonSchema>;

  test('allows a new optional field and a wider enum', () => {
    expect(
      change((schema) => {
        properties(schema).c = { type: 'string' };
        properties(schema).a = { type: 'string', enum: ['x', 'y', 'z'] };
      }),
    ).toEqual([]);
  });

  test('reports a new required field, a changed type, a lost enum value and a tighter bound', () => {
    expect(change((schema) => (schema.required = ['a', 'b']))).toEqual(['/b: became required']);
    expect(change((schema) => (properties(schema).a = { type: 'integer' }))).toHaveLength(1);
    expect(change((schema) => (properties(schema).a = { type: 'string', enum: ['x'] }))).toEqual([
      '/a: no longer reads y',
    ]);
    expect(
      change((schema) => (properties(schema).b = { type: 'array', items: { type: 'integer', minimum: 1 } })),
    ).toEqual(['/b/*: minimum went from 0 to 1']);
  });
});
