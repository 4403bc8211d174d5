import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { Span } from '#contracts/telemetry/query.ts';

/** How a span is called in a row: a database span by its statement, everything else by its name and what tells it apart. */
export function spanLabel({ name, attributes, kind }: Pick<Span, 'name' | 'attributes' | 'kind'>): {
  text: string;
  detail: string | null;
} {
  const query = attributes[names.dbQueryText];
  if (typeof query === 'string' && query !== '') return { text: shortQuery(query), detail: null };
  const event = attributes[names.eventName];
  if (typeof event === 'string') return { text: name, detail: event };
  const path = attributes[names.urlPath];
  // HTTP clients name their spans by the method alone: the route is not known to them.
  if (kind === 'client' && typeof path === 'string' && /^[A-Z]+$/.test(name))
    return { text: `${name} ${path}`, detail: null };
  return { text: name, detail: null };
}

/** First words of a statement on one line. */
export function shortQuery(query: string): string {
  const line = query.replace(/\s+/g, ' ').trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
