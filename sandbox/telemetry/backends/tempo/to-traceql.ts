import { AppError } from '#contracts/errors.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { FaultWindow } from '#contracts/telemetry/faults.ts';
import { conditionProblem } from '#contracts/telemetry/filter.ts';
import type { Condition, Filter } from '#contracts/telemetry/query.ts';
import { type Field, fieldOf } from '../../filter/fields.ts';
import { sentNames } from '../../otlp/semconv.ts';
import { fold, numeric } from '../../store/attribute-columns.ts';
import { containing, exactly, quoted } from '../literals.ts';

/**
 * The only place where a filter becomes TraceQL. As with LogQL (../loki/to-logql.ts) the query finds every span that
 * meets the filter, and as few others as TraceQL can tell apart; the spans that come back are judged once more by
 * filter/matches.ts, which decides. Why some conditions add nothing: TraceQL compares values with their type, and
 * a span that lacks an attribute differs from no value.
 */
export type TraceQl = {
  query: string;
  /** Traces that the filter names by id: no search is needed to find them. */
  traceIds: string[];
};

type Value = string | number | boolean;
type PositiveOp = Exclude<Condition['op'], 'neq' | 'exists'>;
const comparators = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

const columns: Record<string, string> = { name: 'name', scope: 'instrumentation:name', span_id: 'span:id' };

/** What is known besides the filter. */
export type Known = {
  /** Faults by which spans are marked as they are read (faults/mark-touched.ts): Tempo does not hold these marks. */
  windows: readonly FaultWindow[];
  /** Further tests that a span meets. */
  more?: readonly string[];
};

/** The query, or null when no span can meet the filter. Throws invalid_argument naming the condition that cannot be. */
export function filterToTraceQl(filter: Filter, { windows, more = [] }: Known): TraceQl | null {
  const tests: string[] = [];
  const traceIds: string[] = [];
  for (const condition of filter.conditions) {
    const problem = conditionProblem(condition);
    if (problem !== null) throw new AppError('invalid_argument', `filter: ${problem}`);
    const field = fieldOf('spans', condition.field);
    if (isImpossible(field, condition)) return null;
    if (field.type === 'text' && field.column === 'trace_id' && condition.op === 'eq')
      traceIds.push(String(condition.value));
    const test = mayBeMarked(field, condition, windows) ? null : testOf(field, condition);
    if (test !== null) tests.push(test);
  }
  const all = [...tests, ...more];
  return { query: all.length === 0 ? '{ }' : `{ ${all.join(' && ')} }`, traceIds };
}

/** A mark that no fault puts on spans as they are read is one that the process itself has sent. */
function mayBeMarked(field: Field, { op, value }: Condition, windows: readonly FaultWindow[]): boolean {
  if (field.type !== 'attribute') return false;
  if (field.name !== names.chaosFaultId && field.name !== names.chaosFaultKind) return false;
  return windows.some(({ id, kind }) => op !== 'eq' || value === (field.name === names.chaosFaultId ? id : kind));
}

/** Only log records have the field. */
function isImpossible(field: Field, { op, value }: Condition): boolean {
  if (field.type !== 'none') return false;
  return op === 'exists' ? value !== false : op !== 'neq';
}

/** What a span that meets the condition certainly meets; null when that is nothing. */
function testOf(field: Field, { op, value }: Condition): string | null {
  if (op === 'exists') return field.type === 'attribute' && value !== false ? existence(field.name) : null;
  if (value === null) return null;
  if (op === 'neq') return field.type === 'closed' ? closedTest(field, otherThan(field, String(value))) : null;
  switch (field.type) {
    case 'closed':
      return closedTest(field, among(field, op, String(value)));
    case 'duration':
      return durationTest(op, Number(value));
    case 'text':
      return textTest(field.column, op, String(value));
    case 'attribute':
      return attributeTest(field.name, op, value);
    default:
      return null;
  }
}

function closedTest({ column }: Field & { type: 'closed' }, values: readonly string[]): string | null {
  // An unspecified kind reads as internal.
  const sent = values.flatMap((one) => (one === 'internal' ? ['internal', 'unspecified'] : [one]));
  return anyOf(sent.map((one) => `${column} = ${one}`));
}

function otherThan({ values }: Field & { type: 'closed' }, value: string): string[] {
  return values.filter((other) => other !== value);
}

/** Kinds and states have no order: they are equal, or contain. */
function among({ values }: Field & { type: 'closed' }, op: PositiveOp, value: string): string[] {
  return values.filter((other) => (op === 'contains' ? other.includes(fold(value)) : other === value));
}

function durationTest(op: PositiveOp, nanos: number): string | null {
  if (nanos < 0 || nanos >= 2 ** 63) return null;
  // Nanoseconds are whole: a limit between two of them is rounded to the side that finds more.
  if (op === 'eq' || op === 'contains') return Number.isInteger(nanos) ? `duration = ${nanos}ns` : null;
  const down = op === 'gt' || op === 'gte';
  return `duration ${comparators[op]} ${BigInt(down ? Math.floor(nanos) : Math.ceil(nanos))}ns`;
}

function textTest(column: string, op: PositiveOp, value: string): string | null {
  if (column === 'service') {
    // A span without a service's name reads as unknown_service.
    const unnamed = op === 'contains' ? 'unknown_service'.includes(fold(value)) : value === 'unknown_service';
    return unnamed ? null : textComparison('resource.service.name', op, value);
  }
  const name = columns[column];
  return name === undefined || value === '' || (column === 'span_id' && op !== 'eq')
    ? null
    : textComparison(name, op, value);
}

function textComparison(name: string, op: PositiveOp, value: string): string | null {
  return op === 'eq' ? `${name} ${isText(value)}` : `${name} =~ ${containing(value, true)}`;
}

/** Of escapes in text, TraceQL's grammar knows those of quotes and backslashes only; an expression has its own. */
function isText(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return /[\u0000-\u001f\u007f]/.test(value) ? `=~ ${exactly(value)}` : `= ${quoted(value)}`;
}

function existence(name: string): string | null {
  return anyOf(places(name).map((place) => `${place} != nil`));
}

function attributeTest(name: string, op: PositiveOp, value: Value): string | null {
  // A number holds text that is looked for, too, and http.target becomes a path: that it is there is all there is to ask.
  if (op === 'contains' || name === names.urlPath) return existence(name);
  if (op === 'eq') return anyOf(places(name).flatMap((place) => forms(value).map((form) => `${place} ${form}`)));
  const number = comparison(op, Number(value));
  if (number === null) return existence(name);
  // Also of text that reads as a number.
  return anyOf(places(name).flatMap((place) => [`${place} ${number}`, `${place} =~ ${quoted('-?[0-9].*')}`]));
}

/** TraceQL reads no exponents. */
function comparison(op: keyof typeof comparators, value: number): string | null {
  return /e/i.test(String(value)) ? null : `${comparators[op]} ${value}`;
}

/** The value as each type writes it: people do not know whether a partition is 3 or "3". */
function forms(value: Value): string[] {
  const text = String(value);
  if (text === 'true' || text === 'false') return [isText(text), `= ${text}`];
  const asNumber = numeric.test(text) && String(Number(text)) === text && !/e/i.test(text);
  return asNumber ? [isText(text), `= ${text}`] : [isText(text)];
}

/** Where the attribute may be: of the span or of its resource, under each name that it may have been sent with. */
function places(name: string): string[] {
  return sentNames(name).flatMap((sent) => [`span.${attributeName(sent)}`, `resource.${attributeName(sent)}`]);
}

function attributeName(name: string): string {
  if (/^[A-Za-z_]\w*(\.\w+)*$/.test(name)) return name;
  if (!/^[\x20-\x7e]+$/.test(name))
    throw new AppError(
      'invalid_argument',
      `filter: TraceQL names attributes in plain ASCII; “${name.slice(0, 80)}” cannot be looked for in Tempo`,
    );
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}

function anyOf(tests: readonly string[]): string | null {
  if (tests.length === 0) return null;
  return tests.length === 1 ? (tests[0] ?? null) : `(${tests.join(' || ')})`;
}
