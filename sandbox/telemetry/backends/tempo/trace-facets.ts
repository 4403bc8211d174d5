import { type Facet, SpanKind, SpanStatus } from '#contracts/telemetry/query.ts';
import { fieldOf } from '../../filter/fields.ts';
import type { Tempo } from './tempo.ts';

const closed: Record<string, readonly string[]> = { kind: SpanKind.options, status: SpanStatus.options };
const columns: Record<string, string> = {
  service: 'resource.service.name',
  name: 'name',
  scope: 'instrumentation:name',
};

/** Values of a field that Tempo knows, at most 100, by name: it does not count them. */
export async function traceFacets(tempo: Tempo, typed: string, signal: AbortSignal): Promise<Facet[]> {
  const field = fieldOf('spans', typed);
  if (field.type === 'closed') return (closed[field.column] ?? []).map((value) => ({ value, count: null }));
  const name =
    field.type === 'attribute' ? `.${field.name}` : field.type === 'text' ? columns[field.column] : undefined;
  // Ids and durations are no list to pick from.
  if (name === undefined) return [];
  const values = await tempo.values(name, signal);
  return [...new Set(values)]
    .sort()
    .slice(0, 100)
    .map((value) => ({ value, count: null }));
}
