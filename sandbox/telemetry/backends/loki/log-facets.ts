import type { Facet } from '#contracts/telemetry/query.ts';
import { Severity } from '#contracts/telemetry/query.ts';
import { fieldOf } from '../../filter/fields.ts';
import { quoted } from '../literals.ts';
import { labelOf } from './label-names.ts';
import type { Loki } from './loki.ts';

/** The most frequent values of a field in the last hour, at most 100. */
export async function logFacets(loki: Loki, typed: string, signal: AbortSignal): Promise<Facet[]> {
  const field = fieldOf('logs', typed);
  if (field.type === 'closed') return severityFacets(loki, signal);
  const label =
    field.type === 'attribute'
      ? labelOf(field.name)
      : field.type === 'text'
        ? { service: 'service_name', instance: 'service_instance_id', trace_id: 'trace_id', span_id: 'span_id' }[
            field.column
          ]
        : undefined;
  // Bodies are no labels: nobody picks one from a list.
  if (label === undefined) return [];
  const counts = await loki.counts(
    `topk(100, sum by (${label}) (count_over_time({service_name=~".+"} | ${label}!=${quoted('')} [1h])))`,
    signal,
  );
  return byCount(counts.map(({ labels, count }) => ({ value: labels[label] ?? '', count })));
}

async function severityFacets(loki: Loki, signal: AbortSignal): Promise<Facet[]> {
  const counts = await loki.counts('sum by (severity_number) (count_over_time({service_name=~".+"} [1h]))', signal);
  const totals = new Map<string, number>();
  for (const { labels, count } of counts) {
    const severity = Severity.options[Math.floor((Number(labels.severity_number ?? 0) - 1) / 4)] ?? 'info';
    totals.set(severity, (totals.get(severity) ?? 0) + count);
  }
  return byCount([...totals].map(([value, count]) => ({ value, count })));
}

function byCount(facets: { value: string; count: number }[]): Facet[] {
  return facets
    .filter(({ value }) => value !== '')
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, 100);
}
