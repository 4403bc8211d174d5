import type { DuckDBValue } from '@duckdb/node-api';
import { AppError } from '#contracts/errors.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { conditionProblem } from '#contracts/telemetry/filter.ts';
import type { Condition, Filter } from '#contracts/telemetry/query.ts';
import { fold, isVolatile, numeric } from '../store/attribute-columns.ts';
import { type Field, fieldOf, type Signal } from './fields.ts';

/**
 * The only place where a filter becomes SQL. Names and values always travel as parameters; the text is put together
 * from the constants in this file. `matches.ts` means the same for records in memory, and a property test holds the
 * two together.
 */
export type SqlParts = {
  /** Adds a parameter and returns its placeholder, `$n`. */
  param(value: DuckDBValue): string;
  /** Adds a number of any size, compared as a double. */
  number(value: number): string;
  params: DuckDBValue[];
};

export function createSqlParts(): SqlParts {
  const params: DuckDBValue[] = [];
  const param = (value: DuckDBValue): string => `$${params.push(value)}`;
  // As text: a bound JS number becomes an integer where it looks like one, and large ones do not fit.
  return { params, param, number: (value) => `${param(String(value))}::double` };
}

type Value = string | number | boolean;
const comparators = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** The filter's predicates over one row, to be ANDed. Throws AppError invalid_argument for a senseless condition. */
export function filterToSql(filter: Filter, signal: Signal, parts: SqlParts): string[] {
  const predicates = filter.conditions.map((condition) => conditionToSql(condition, signal, parts));
  if (filter.text !== null && filter.text !== '') predicates.push(searchSql(filter.text, parts));
  return predicates;
}

function conditionToSql(condition: Condition, signal: Signal, parts: SqlParts): string {
  const problem = conditionProblem(condition);
  if (problem !== null) throw new AppError('invalid_argument', `filter: ${problem}`);
  const { op, value } = condition;
  const field = fieldOf(signal, condition.field);
  if (op === 'exists')
    return value === false ? `not ${existsSql(field, signal, parts)}` : existsSql(field, signal, parts);
  if (value === null) throw new AppError('invalid_argument', `filter: ${condition.field} needs a value`);
  if (op === 'neq') return `not ${positiveSql(field, 'eq', value, signal, parts)}`;
  return positiveSql(field, op, value, signal, parts);
}

type PositiveOp = Exclude<Condition['op'], 'neq' | 'exists'>;

// Every branch yields true or false, never null, so that `not` in front of it means what it says.
function positiveSql(field: Field, op: PositiveOp, value: Value, signal: Signal, parts: SqlParts): string {
  switch (field.type) {
    case 'none':
      return 'false';
    case 'search':
      return searchSql(String(value), parts);
    case 'duration':
      return `(duration_ns ${op === 'eq' || op === 'contains' ? '=' : comparators[op]} ${parts.number(Number(value))})`;
    case 'text':
      return textSql(field.column, op, String(value), parts);
    case 'closed':
      return closedSql(field, op, String(value));
    case 'attribute':
      return attributeSql(field.name, op, value, signal, parts);
  }
}

function textSql(column: string, op: PositiveOp, value: string, parts: SqlParts): string {
  if (op === 'eq') return `coalesce(${column} = ${parts.param(value)}, false)`;
  if (op === 'contains') return `coalesce(contains(lower(${column}), ${parts.param(fold(value))}), false)`;
  return 'false';
}

function closedSql(field: Field & { type: 'closed' }, op: PositiveOp, value: string): string {
  const index = field.values.indexOf(value);
  if (op === 'eq') return `(${field.column} = ${index})`;
  if (op !== 'contains') return `(${field.column} ${comparators[op]} ${index})`;
  const among = field.values.flatMap((allowed, position) => (allowed.includes(fold(value)) ? [position] : []));
  return among.length === 0 ? 'false' : `(${field.column} in (${among.join(', ')}))`;
}

/** Free text: in the folded text column, or in the values that were split off. */
function searchSql(text: string, parts: SqlParts): string {
  const folded = fold(text);
  const inText = `contains(text, ${parts.param(folded)})`;
  // id_values is JSON: look for the text as JSON writes it.
  return `(${inText} or coalesce(contains(id_values, ${parts.param(jsonEscaped(folded))}), false))`;
}

/** JSON pointer (RFC 6901) to a member of a flat object. */
export function jsonPointer(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function jsonEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function existsSql(field: Field, signal: Signal, parts: SqlParts): string {
  if (field.type === 'attribute') {
    const key = JSON.stringify(field.name);
    const own = `contains(attributes, ${parts.param(`${key}:`)}) or coalesce(contains(id_keys, ${parts.param(key)}), false)`;
    return signal === 'spans' ? `(${own} or contains(resource, ${parts.param(`${key}:`)}))` : `(${own})`;
  }
  if (field.type === 'none') return 'false';
  return field.type === 'text' ? `(${field.column} is not null)` : 'true';
}

function attributeSql(name: string, op: PositiveOp, value: Value, signal: Signal, parts: SqlParts): string {
  if (op === 'eq') return attributeEqualsSql(name, value, signal, parts);
  if (op !== 'contains' && name === names.httpResponseStatusCode && signal === 'spans')
    return `coalesce(http_status ${comparators[op]} ${parts.number(Number(value))}, false)`;
  const test = (text: string): string =>
    op === 'contains'
      ? `contains(lower(${text}), ${parts.param(fold(String(value)))})`
      : `(case when regexp_full_match(${text}, '${numeric.source.slice(1, -1)}') then try_cast(${text} as double) end ${comparators[op]} ${parts.number(Number(value))})`;
  const key = JSON.stringify(name);
  const inJson = (column: string): string =>
    `coalesce(case when contains(${column}, ${parts.param(`${key}:`)}) then ${test(`json_extract_string(${column}, ${parts.param(jsonPointer(name))})`)} end, false)`;
  const inIds = `coalesce(case when contains(id_keys, ${parts.param(key)}) then ${test(`volatile_value(id_keys, id_values, ${parts.param(name)})`)} end, false)`;
  const places = [inJson('attributes'), inIds, ...(signal === 'spans' ? [inJson('resource')] : [])];
  return `(${places.join(' or ')})`;
}

/**
 * Equality without parsing JSON: the text `"key":"value"` is in a flat JSON object exactly when that pair is (a quote
 * inside a string is escaped, and keys need no escaping: see setAttribute). The value alone tells which column it is in.
 */
function attributeEqualsSql(name: string, value: Value, signal: Signal, parts: SqlParts): string {
  const key = JSON.stringify(name);
  const predicates = sameText(value).flatMap((form) => {
    const json = JSON.stringify(form);
    const pairs = typeof form === 'string' ? [`${key}:${json}`] : [`${key}:${json},`, `${key}:${json}}`];
    const inJson = (column: string): string[] => pairs.map((pair) => `contains(${column}, ${parts.param(pair)})`);
    const own =
      name === names.orderId && signal === 'spans' && isVolatile(name, form)
        ? [`coalesce(order_id = ${parts.param(String(form))}, false)`]
        : isVolatile(name, form)
          ? [volatileEqualsSql(name, form, parts)]
          : inJson('attributes');
    return signal === 'spans' ? [...own, ...inJson('resource')] : own;
  });
  return `(${predicates.join(' or ')})`;
}

function volatileEqualsSql(name: string, value: Value, parts: SqlParts): string {
  const inKeys = `contains(id_keys, ${parts.param(JSON.stringify(name))})`;
  const inValues = `contains(id_values, ${parts.param(JSON.stringify(value))})`;
  const exactly = `volatile_value(id_keys, id_values, ${parts.param(name)}) = ${parts.param(String(value))}`;
  return `coalesce(${inValues} and ${inKeys} and ${exactly}, false)`;
}

/** The values that read the same: people do not know whether a partition is 3 or "3". */
function sameText(value: Value): Value[] {
  const text = String(value);
  if (text === 'true' || text === 'false') return [text, text === 'true'];
  return numeric.test(text) && String(Number(text)) === text ? [text, Number(text)] : [text];
}
