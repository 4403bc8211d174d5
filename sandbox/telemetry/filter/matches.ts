import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { Attributes, AttributeValue, Condition, Filter } from '#contracts/telemetry/query.ts';
import type { NewLog, SpanRecord } from '../records.ts';
import { fold, httpStatusOf, numeric, searchText, splitAttributes, toColumns } from '../store/attribute-columns.ts';
import { fieldOf, type Signal } from './fields.ts';

/** Whether a span meets every condition; the same as `filterToSql` for rows, for what has only just arrived. */
export function spanMatches(filter: Filter, span: SpanRecord): boolean {
  return recordMatches(filter, {
    signal: 'spans',
    columns: {
      service: span.service,
      trace_id: span.traceId,
      span_id: span.spanId,
      name: span.name,
      scope: span.scope,
      kind: span.kind,
      status: span.status,
    },
    durationNano: span.durationNano,
    attributes: span.attributes,
    resource: span.resource,
    search: () => [searchText([span.name, span.statusMessage], splitAttributes(span.attributes)), span.attributes],
  });
}

/** Whether a log record meets every condition. */
export function logMatches(filter: Filter, log: NewLog): boolean {
  return recordMatches(filter, {
    signal: 'logs',
    columns: {
      service: log.service,
      trace_id: log.traceId,
      span_id: log.spanId,
      body: log.body,
      instance: log.instance,
      severity: log.severity,
    },
    durationNano: 0,
    attributes: log.attributes,
    resource: {},
    search: () => [searchText([log.body], splitAttributes(log.attributes)), log.attributes],
  });
}

type Value = string | number | boolean;
type Subject = {
  signal: Signal;
  columns: Record<string, string | null>;
  durationNano: number;
  attributes: Attributes;
  resource: Attributes;
  search: () => [string, Attributes];
};

function recordMatches(filter: Filter, subject: Subject): boolean {
  if (!filter.conditions.every((condition) => meets(condition, subject))) return false;
  return filter.text === null || filter.text === '' || contains(subject, filter.text);
}

function meets(condition: Condition, subject: Subject): boolean {
  const { field, op, value } = condition;
  if (op === 'neq') return !meets({ field, op: 'eq', value }, subject);
  if (op === 'exists') return exists(field, subject) !== (value === false);
  if (value === null) return false;
  const resolved = fieldOf(subject.signal, field);
  switch (resolved.type) {
    case 'none':
      return false;
    case 'search':
      return contains(subject, String(value));
    case 'duration':
      return compare(subject.durationNano, op, Number(value));
    case 'text':
      return textMeets(subject.columns[resolved.column] ?? null, op, String(value));
    case 'closed':
      return closedMeets(resolved.values, subject.columns[resolved.column] ?? '', op, String(value));
    case 'attribute':
      return valuesOf(resolved.name, subject).some((own) =>
        attributeMeets(subject.signal, resolved.name, own, op, value),
      );
  }
}

function exists(field: string, subject: Subject): boolean {
  const resolved = fieldOf(subject.signal, field);
  if (resolved.type === 'attribute') return valuesOf(resolved.name, subject).length > 0;
  if (resolved.type === 'text') return (subject.columns[resolved.column] ?? null) !== null;
  return resolved.type !== 'none';
}

function valuesOf(name: string, { attributes, resource }: Subject): AttributeValue[] {
  return [attributes, resource].flatMap((from) => (Object.hasOwn(from, name) ? [from[name] as AttributeValue] : []));
}

function textMeets(own: string | null, op: Condition['op'], value: string): boolean {
  if (own === null) return false;
  return op === 'contains' ? fold(own).includes(fold(value)) : op === 'eq' && own === value;
}

function closedMeets(values: readonly string[], own: string, op: Condition['op'], value: string): boolean {
  if (op === 'contains') return own.includes(fold(value));
  return compare(values.indexOf(own), op, values.indexOf(value));
}

function attributeMeets(signal: Signal, name: string, own: AttributeValue, op: Condition['op'], value: Value): boolean {
  if (op === 'eq') return !Array.isArray(own) && String(own) === String(value);
  const text = Array.isArray(own) ? JSON.stringify(own) : String(own);
  if (op === 'contains') return fold(text).includes(fold(String(value)));
  if (signal === 'spans' && name === names.httpResponseStatusCode) {
    const status = httpStatusOf(own);
    return status !== null && compare(status, op, Number(value));
  }
  return numeric.test(text) && compare(Number(text), op, Number(value));
}

function compare(own: number, op: Condition['op'], value: number): boolean {
  if (op === 'gt') return own > value;
  if (op === 'gte') return own >= value;
  if (op === 'lt') return own < value;
  if (op === 'lte') return own <= value;
  return own === value;
}

function contains(subject: Subject, text: string): boolean {
  const folded = fold(text);
  const [searched, attributes] = subject.search();
  if (searched.includes(folded)) return true;
  const { idValues } = toColumns(splitAttributes(attributes));
  return (idValues ?? '').includes(JSON.stringify(folded).slice(1, -1));
}
