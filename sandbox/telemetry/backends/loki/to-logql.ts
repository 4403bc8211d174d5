import { AppError } from '#contracts/errors.ts';
import { conditionProblem } from '#contracts/telemetry/filter.ts';
import { type Condition, type Filter, Severity } from '#contracts/telemetry/query.ts';
import { type Field, fieldOf } from '../../filter/fields.ts';
import { fold } from '../../store/attribute-columns.ts';
import { containing, quoted } from '../literals.ts';
import { labelOf } from './label-names.ts';

/**
 * The only place where a filter becomes LogQL. The query finds every line that meets the filter, and as few others as
 * LogQL can tell apart: what comes back is judged once more by filter/matches.ts, which decides. So a condition that
 * LogQL has no words for adds nothing here and is no less true.
 */
export type LogQl = {
  query: string;
  /** Attributes that the filter names. */
  named: string[];
};

type Value = string | number | boolean;
type PositiveOp = Exclude<Condition['op'], 'neq' | 'exists'>;
type Parts = { selectors: string[]; stages: string[] };
const comparators = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;
const textLabels: Record<string, string> = {
  trace_id: 'trace_id',
  span_id: 'span_id',
  instance: 'service_instance_id',
};

/** The query, or null when no line can meet the filter. Throws invalid_argument naming the condition that cannot be. */
export function filterToLogQl(filter: Filter): LogQl | null {
  const parts: Parts = { selectors: [], stages: [] };
  const named: string[] = [];
  for (const condition of filter.conditions) {
    const problem = conditionProblem(condition);
    if (problem !== null) throw new AppError('invalid_argument', `filter: ${problem}`);
    const field = fieldOf('logs', condition.field);
    if (field.type === 'attribute') named.push(field.name);
    if (isImpossible(field, condition)) return null;
    add(field, condition, parts);
  }
  // A selector must be about something.
  const selectors = ['service_name=~".+"', ...parts.selectors];
  return { query: [`{${selectors.join(', ')}}`, ...parts.stages].join(' '), named };
}

/** Only spans have the field. */
function isImpossible(field: Field, { op, value }: Condition): boolean {
  if (field.type !== 'none') return false;
  return op === 'exists' ? value !== false : op !== 'neq';
}

function add(field: Field, { op, value }: Condition, parts: Parts): void {
  if (op === 'exists') addExistence(field, value !== false, parts);
  else if (op === 'neq') addNegation(field, value, parts);
  else if (value !== null) addPositive(field, op, value, parts);
}

function addExistence(field: Field, exists: boolean, { stages }: Parts): void {
  const label = field.type === 'attribute' ? labelOf(field.name) : field.type === 'text' && textLabels[field.column];
  if (label) stages.push(`| ${label}${exists ? '!=' : '='}""`);
}

/** A label that is missing differs from every value, here as there. */
function addNegation(field: Field, value: Condition['value'], { selectors, stages }: Parts): void {
  if (value === null || value === '') return;
  if (field.type === 'attribute') stages.push(`| ${labelOf(field.name)}!=${quoted(String(value))}`);
  if (field.type === 'text' && field.column === 'service') selectors.push(`service_name!=${quoted(String(value))}`);
  if (field.type === 'closed') {
    const others = field.values.filter((other) => other !== value);
    stages.push(severityStage(others));
  }
}

function addPositive(field: Field, op: PositiveOp, value: Value, parts: Parts): void {
  if (field.type === 'text') addText(field.column, op, String(value), parts);
  if (field.type === 'closed') parts.stages.push(severityStage(among(field.values, op, String(value))));
  if (field.type !== 'attribute') return;
  const label = labelOf(field.name);
  if (op === 'eq') parts.stages.push(`| ${label}=${quoted(String(value))}`);
  else if (op === 'contains') parts.stages.push(`| ${label}=~${containing(String(value), true)}`);
  else parts.stages.push(`| ${label}${comparison(op, Number(value))}`);
}

function addText(column: string, op: PositiveOp, value: string, { selectors, stages }: Parts): void {
  const match = op === 'eq' ? `=${quoted(value)}` : `=~${containing(value, true)}`;
  if (column === 'service') selectors.push(`service_name${match}`);
  else if (column === 'body') {
    // Of a line that is the text it can be asked only whether it contains it.
    if (value !== '') stages.push(op === 'eq' ? `|= ${quoted(value)}` : `|~ ${containing(value, false)}`);
  } else stages.push(`| ${textLabels[column]}${match}`);
}

/** Values of a closed field that a comparison leaves, in their order. */
function among(values: readonly string[], op: PositiveOp, value: string): string[] {
  const at = values.indexOf(value);
  return values.filter((other, index) => {
    if (op === 'eq') return index === at;
    if (op === 'contains') return other.includes(fold(value));
    return { gt: index > at, gte: index >= at, lt: index < at, lte: index <= at }[op];
  });
}

/** Severity numbers come in fours; a record without one tells its severity otherwise (otlp/build-log.ts). */
function severityStage(severities: readonly string[]): string {
  const ranges = severities.map((severity) => {
    const first = Severity.options.indexOf(severity as Severity) * 4 + 1;
    return `(severity_number >= ${first} and severity_number <= ${first + 3})`;
  });
  return `| ${[...ranges, 'severity_number=""'].join(' or ')}`;
}

/** LogQL reads no exponents. */
function comparison(op: keyof typeof comparators, value: number): string {
  if (Math.abs(value) >= 1e21) return ` ${comparators[op]} ${BigInt(value)}`;
  return /e/i.test(String(value)) ? '!=""' : ` ${comparators[op]} ${value}`;
}
