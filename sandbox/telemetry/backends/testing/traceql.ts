import type { AttributeValue } from '#contracts/telemetry/query.ts';
import { type Comparison, evaluate, fits, Reader } from './expression.ts';

/** A span as Tempo holds it: what was sent. */
export type TempoSpan = {
  name: string;
  kind: string;
  status: string;
  durationNano: number;
  spanId: string;
  scope: string;
  attributes: Readonly<Record<string, AttributeValue>>;
  resource: Readonly<Record<string, AttributeValue>>;
};
/** What is known of its trace. */
export type TempoTrace = { durationNano: number };

/** Whether a TraceQL spanset filter selects the span, by what its documentation says. Hints at its end are ignored. */
export function traceQlFinds(query: string, span: TempoSpan, trace: TempoTrace): boolean {
  const reader = new Reader(query.replace(/ with \(most_recent=true\)$/, ''));
  reader.expect('{');
  if (reader.takes('}')) return true;
  const found = evaluate(reader, (comparison) => holds(comparison, span, trace));
  reader.expect('}');
  if (reader.peek() !== null) throw new Error(`TraceQL: ${reader.peek()} after the spanset`);
  return found;
}

function holds({ field, op, literal }: Comparison, span: TempoSpan, trace: TempoTrace): boolean {
  if (field === 'duration' || field === 'trace:duration') {
    if (typeof literal !== 'object' || literal === null || !('nanoseconds' in literal))
      throw new Error('a duration has a unit');
    return ordered(op, field === 'duration' ? span.durationNano : trace.durationNano, literal.nanoseconds);
  }
  if (field === 'kind' || field === 'status') {
    if (typeof literal !== 'object' || literal === null || !('word' in literal))
      throw new Error(`${field} is compared with a word`);
    return op === '=' ? span[field] === literal.word : span[field] !== literal.word;
  }
  const own = ownValue(field, span);
  if (literal === null) return op === '!=' ? own !== undefined : own === undefined;
  // A span that lacks an attribute compares with nothing; neither do values of different types.
  if (own === undefined) return false;
  return (Array.isArray(own) ? own : [own]).some((one) => compares(one, op, literal));
}

function ownValue(field: string, span: TempoSpan): AttributeValue | undefined {
  if (field === 'name') return span.name;
  if (field === 'span:id') return span.spanId;
  if (field === 'instrumentation:name') return span.scope;
  const [, scope, name = ''] = /^(span|resource)\.(.*)$/s.exec(field) ?? [];
  if (scope === undefined) throw new Error(`TraceQL has no field ${field}`);
  return scope === 'span' ? span.attributes[name] : span.resource[name];
}

function compares(own: string | number | boolean, op: string, literal: Comparison['literal']): boolean {
  if (typeof own === 'string' && typeof literal === 'string') {
    if (op === '=~') return fits(literal, own, true);
    return op === '=' ? own === literal : own !== literal;
  }
  if (typeof own === 'number' && typeof literal === 'number') return ordered(op, own, literal);
  return typeof own === 'boolean' && typeof literal === 'boolean' && (op === '=' ? own === literal : own !== literal);
}

function ordered(op: string, own: number, value: number): boolean {
  const result = { '=': own === value, '>': own > value, '>=': own >= value, '<': own < value, '<=': own <= value }[op];
  if (result === undefined) throw new Error(`TraceQL: numbers are not compared by ${op}`);
  return result;
}
