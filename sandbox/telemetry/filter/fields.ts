import { fieldAliases } from '#contracts/telemetry/filter.ts';
import { Severity, SpanKind, SpanStatus } from '#contracts/telemetry/query.ts';
import { currentName } from '../otlp/semconv.ts';

export type Signal = 'spans' | 'logs';

/** What a condition's field means for a signal. `none`: the other signal has it, so nothing here can match. */
export type Field =
  | { type: 'text'; column: string }
  | { type: 'closed'; column: string; values: readonly string[] }
  | { type: 'duration' }
  | { type: 'search' }
  | { type: 'none' }
  | { type: 'attribute'; name: string };

const shared = new Map<string, Field>([
  ['service', { type: 'text', column: 'service' }],
  ['service.name', { type: 'text', column: 'service' }],
  ['traceId', { type: 'text', column: 'trace_id' }],
  ['spanId', { type: 'text', column: 'span_id' }],
  ['text', { type: 'search' }],
]);
const spanFields = new Map<string, Field>([
  ...shared,
  ['name', { type: 'text', column: 'name' }],
  ['scope', { type: 'text', column: 'scope' }],
  ['kind', { type: 'closed', column: 'kind', values: SpanKind.options }],
  ['status', { type: 'closed', column: 'status', values: SpanStatus.options }],
  ['duration', { type: 'duration' }],
  ['severity', { type: 'none' }],
  ['body', { type: 'none' }],
]);
const logFields = new Map<string, Field>([
  ...shared,
  ['body', { type: 'text', column: 'body' }],
  ['instance', { type: 'text', column: 'instance' }],
  ['service.instance.id', { type: 'text', column: 'instance' }],
  ['severity', { type: 'closed', column: 'severity', values: Severity.options }],
  ['kind', { type: 'none' }],
  ['status', { type: 'none' }],
  ['duration', { type: 'none' }],
]);

/** Resolves the name that a condition carries. */
export function fieldOf(signal: Signal, typed: string): Field {
  const name = fieldAliases.get(typed) ?? typed;
  const known = (signal === 'spans' ? spanFields : logFields).get(name);
  return known ?? { type: 'attribute', name: currentName(name) };
}
