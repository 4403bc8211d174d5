import type { Condition, Filter } from './query.ts';

/**
 * The filter language people type, as pure text ↔ data: `parseFilter` and `printFilter`. Used by the console's input
 * box and by the telemetry store's `?q=`.
 *
 *     service:orders -status:ok duration>200ms http.route:/orders name~checkout order:* "free text" -"not this"
 *
 * `:` is equals (`=` too), `!=` or a leading `-` is not equals, `~` contains, `> >= < <=` compare, `field:*` exists,
 * `-field:*` is absent. Values with spaces go in quotes (`\"` and `\\` escape). A word without an operator is free text.
 */
export type FilterError = {
  /** Offset into the text, UTF-16 units, where the offending part begins. */
  position: number;
  /** Length of the offending part, at least 1. */
  length: number;
  message: string;
};
export type ParsedFilter = { ok: true; filter: Filter } | { ok: false; error: FilterError };

type Op = Condition['op'];
type Token = {
  start: number;
  end: number;
  negated: boolean;
  field: string | null;
  op: Op | null;
  value: string;
  quoted: boolean;
};

/** Short names people type for the long ones. */
export const fieldAliases: ReadonlyMap<string, string> = new Map([
  ['trace', 'traceId'],
  ['trace_id', 'traceId'],
  ['level', 'severity'],
  ['order', 'orrery.order.id'],
  ['event', 'orrery.event.name'],
  ['route', 'http.route'],
  ['topic', 'messaging.destination.name'],
]);

/** Values a closed field may take; anything else is a mistake worth pointing at. */
export const closedFields: ReadonlyMap<string, readonly string[]> = new Map([
  ['kind', ['internal', 'server', 'client', 'producer', 'consumer']],
  ['status', ['unset', 'ok', 'error']],
  ['severity', ['trace', 'debug', 'info', 'warn', 'error', 'fatal']],
]);
const textFields = new Set([
  'service',
  'service.name',
  'service.instance.id',
  'name',
  'body',
  'traceId',
  'spanId',
  'instance',
  'scope',
  'kind',
  'status',
]);

const operators: readonly [string, Op][] = [
  ['>=', 'gte'],
  ['<=', 'lte'],
  ['!=', 'neq'],
  [':', 'eq'],
  ['=', 'eq'],
  ['~', 'contains'],
  ['>', 'gt'],
  ['<', 'lt'],
];
const unitNanos: readonly [string, number][] = [
  ['h', 3_600e9],
  ['m', 60e9],
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['ns', 1],
];
const bareField = /[A-Za-z_][\w.\-/]*/y;
const bareValue = /[^\s"]+/y;
const number = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

class Mistake extends Error {
  readonly error: FilterError;
  constructor(position: number, length: number, message: string) {
    super(message);
    this.error = { position, length: Math.max(1, length), message };
  }
}

/** Parses typed text to the query model; an error names where it is. Never throws. */
export function parseFilter(text: string): ParsedFilter {
  try {
    return { ok: true, filter: toFilter(tokens(text)) };
  } catch (mistake) {
    if (mistake instanceof Mistake) return { ok: false, error: mistake.error };
    throw mistake;
  }
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) at++;
    else {
      const token = readToken(text, at);
      found.push(token);
      at = token.end;
    }
  }
  return found;
}

function readToken(text: string, start: number): Token {
  const negated = text.charAt(start) === '-' && start + 1 < text.length && !/\s/.test(text.charAt(start + 1));
  let at = negated ? start + 1 : start;
  const base = { start, negated };
  if (text.charAt(at) === '"') {
    const quote = readQuoted(text, at);
    const op = readOperator(text, quote.end);
    if (op === null) return { ...base, end: quote.end, field: null, op: null, value: quote.value, quoted: true };
    return { ...base, field: quote.value, op: op.op, ...readValue(text, op.end) };
  }
  const name = match(bareField, text, at);
  const op = name === null ? null : readOperator(text, at + name.length);
  if (name !== null && op !== null) return { ...base, field: name, op: op.op, ...readValue(text, op.end) };
  const word = match(bareValue, text, at) ?? text.charAt(at);
  at += word.length;
  return { ...base, end: at, field: null, op: null, value: word, quoted: false };
}

function readOperator(text: string, at: number): { op: Op; end: number } | null {
  for (const [sign, op] of operators) if (text.startsWith(sign, at)) return { op, end: at + sign.length };
  return null;
}

function readValue(text: string, at: number): { value: string; quoted: boolean; end: number } {
  if (text.charAt(at) === '"') return { ...readQuoted(text, at), quoted: true };
  const value = match(bareValue, text, at);
  if (value === null) throw new Mistake(at - 1, 1, 'a value is missing here; quote it when it has spaces');
  return { value, quoted: false, end: at + value.length };
}

function readQuoted(text: string, start: number): { value: string; end: number } {
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') return { value, end: at + 1 };
    if (char === '\\' && at + 1 < text.length) value += text.charAt(++at);
    else value += char;
  }
  throw new Mistake(start, text.length - start, 'this quote is never closed');
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

function toFilter(all: Token[]): Filter {
  const conditions: Condition[] = [];
  const pieces: string[] = [];
  const words: string[] = [];
  for (const token of all) {
    if (token.field !== null && token.op !== null) conditions.push(toCondition(token, token.field, token.op));
    else if (token.negated) conditions.push({ field: 'text', op: 'neq', value: token.value });
    else if (token.quoted) {
      if (token.value !== '') pieces.push(token.value);
    } else {
      if (words.length === 0) pieces.push('');
      words.push(token.value);
    }
  }
  const joined = words.join(' ');
  const texts = pieces.map((piece) => (piece === '' ? joined : piece));
  for (const value of texts.slice(1)) conditions.push({ field: 'text', op: 'contains', value });
  return { conditions, text: texts[0] ?? null };
}

function toCondition(token: Token, typedField: string, typedOp: Op): Condition {
  const field = fieldAliases.get(typedField) ?? typedField;
  const whole = token.end - token.start;
  if (token.value === '*' && !token.quoted && typedOp === 'eq')
    return { field, op: 'exists', value: token.negated ? false : null };
  if (token.negated && typedOp !== 'eq')
    throw new Mistake(token.start, 1, '“-” goes with “:” only; turn the comparison round instead');
  const op = token.negated ? 'neq' : typedOp;
  const condition: Condition = { field, op, value: toValue(token, field, op) };
  const problem = conditionProblem(condition);
  if (problem !== null) throw new Mistake(token.start, whole, problem);
  return condition;
}

function toValue(token: Token, field: string, op: Op): Condition['value'] {
  if (field === 'duration') return parseDuration(token);
  if (token.quoted || op === 'contains' || textFields.has(field) || closedFields.has(field)) return token.value;
  if (number.test(token.value) && String(Number(token.value)) === token.value) return Number(token.value);
  if (token.value === 'true' || token.value === 'false') return token.value === 'true';
  return token.value;
}

function parseDuration(token: Token): number {
  const parts = /^(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h)$/.exec(token.value);
  const unit = unitNanos.find(([name]) => name === parts?.[2]?.replace(/[µμ]/, 'u'));
  if (parts === null || unit === undefined)
    throw new Mistake(token.end - token.value.length, token.value.length, 'a duration has a unit: 200ms, 1.5s, 80us');
  return Math.round(Number(parts[1]) * unit[1]);
}

/** Why a condition makes no sense (`kind:banana`, `name>3`), or null. The store refuses the same ones. */
export function conditionProblem({ field, op, value }: Condition): string | null {
  if (op === 'exists') return null;
  const allowed = closedFields.get(field);
  const ordering = op === 'gt' || op === 'gte' || op === 'lt' || op === 'lte';
  if (field === 'text') return op === 'contains' || op === 'neq' ? null : 'text can only be contained, or not';
  if (field === 'duration')
    return typeof value === 'number' && op !== 'contains' ? null : 'a duration is compared as nanoseconds';
  if (allowed !== undefined && op !== 'contains' && !allowed.includes(String(value)))
    return `${field} is one of ${allowed.join(', ')}`;
  if (ordering && textFields.has(field)) return `${field} has no order: use “:” or “~”`;
  if (ordering && field !== 'severity' && typeof value !== 'number') return `${field} is compared with a number`;
  if (op === 'contains' && typeof value !== 'string') return '“~” needs text';
  return value === null ? 'a value is missing' : null;
}

/** Prints a filter as typed text; `parseFilter` reads it back to the same filter. */
export function printFilter(filter: Filter): string {
  const parts = filter.conditions.map(printCondition);
  if (filter.text !== null && filter.text !== '') {
    // Text comes first: of several quoted pieces the parser takes the first as the free text.
    parts.unshift(bareText(filter.text) ? filter.text : quote(filter.text));
  }
  return parts.join(' ');
}

function printCondition({ field, op, value }: Condition): string {
  if (field === 'text') return op === 'neq' ? `-${quote(String(value))}` : quote(String(value));
  const name = match(bareField, field, 0) === field ? field : quote(field);
  if (op === 'exists') return `${value === false ? '-' : ''}${name}:*`;
  const printed =
    field === 'duration' && typeof value === 'number' ? printDuration(value) : printValue(value, field, op);
  if (op === 'neq') return `-${name}:${printed}`;
  const sign = { eq: ':', gt: '>', gte: '>=', lt: '<', lte: '<=', contains: '~' }[op];
  return `${name}${sign}${printed}`;
}

function printDuration(nanos: number): string {
  const unit = unitNanos.find(([, size]) => nanos >= size && Number.isInteger(nanos / size)) ?? ['ns', 1];
  return `${nanos / unit[1]}${unit[0]}`;
}

function printValue(value: Condition['value'], field: string, op: Op): string {
  if (typeof value !== 'string') return String(value);
  const readsAsOther = value === '*' || value === 'true' || value === 'false' || number.test(value);
  const typed = op === 'contains' || textFields.has(field) || closedFields.has(field);
  if (match(bareValue, value, 0) !== value || value.startsWith('=') || (readsAsOther && !(typed && value !== '*')))
    return quote(value);
  return value;
}

function bareText(text: string): boolean {
  return /^[\p{L}\p{N}_./]+( [\p{L}\p{N}_./]+)*$/u.test(text);
}

function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
