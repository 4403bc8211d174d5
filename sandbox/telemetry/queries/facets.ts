import { type Facet, Severity, SpanKind, SpanStatus } from '#contracts/telemetry/query.ts';
import { fieldOf, type Signal } from '../filter/fields.ts';
import { createSqlParts, jsonPointer } from '../filter/to-sql.ts';
import type { Read } from '../store/database.ts';

const closedValues = new Map<string, readonly string[]>([
  ['kind', SpanKind.options],
  ['status', SpanStatus.options],
  ['severity', Severity.options],
]);

/** The most frequent values of a field, at most 100, for the filter's suggestions. */
export async function readFacets(read: Read, signal: Signal, typed: string): Promise<Facet[]> {
  const field = fieldOf(signal, typed);
  const parts = createSqlParts();
  if (field.type === 'none' || field.type === 'search' || field.type === 'duration') return [];
  // Values that were split off are ids: nobody picks one from a list. Grouping the whole JSON first parses it once
  // per distinct text.
  const attribute = field.type === 'attribute';
  const column = attribute ? 'attributes' : field.column;
  const present = attribute
    ? `contains(attributes, ${parts.param(`${JSON.stringify(field.name)}:`)})`
    : `${column} is not null`;
  const value = attribute ? `json_extract_string(grouped, ${parts.param(jsonPointer(field.name))})` : 'grouped';
  const rows = await read(
    `select ${value}::varchar as value, sum(n)::bigint as count
     from (select ${column} as grouped, count(*) as n from ${signal} where ${present} group by 1)
     group by 1 order by 2 desc, 1 limit 100`,
    parts.params,
  );
  const closed = field.type === 'closed' ? closedValues.get(field.column) : undefined;
  return rows
    .filter((row) => row.value !== null)
    .map((row) => ({ value: closed?.[Number(row.value)] ?? String(row.value), count: Number(row.count) }));
}
