import { createLoader, parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { severities } from '#components/logs/severity.tsx';

export const ranges = ['5m', '15m', '1h', '6h', 'all'] as const;
export type Range = (typeof ranges)[number];
const minutes: Record<Range, number | null> = { '5m': 5, '15m': 15, '1h': 60, '6h': 360, all: null };

/** State of the log view in its URL. `from` and `to` (epoch milliseconds) win over `range`; with `to` it is not live. */
export const logParsers = {
  q: parseAsString.withDefault(''),
  severity: parseAsArrayOf(parseAsStringLiteral(severities)).withDefault([]),
  service: parseAsString,
  range: parseAsStringLiteral(ranges).withDefault('1h'),
  from: parseAsInteger,
  to: parseAsInteger,
  /** Id of the record whose panel is open. */
  log: parseAsString,
};

export const loadLogParams = createLoader(logParsers);
type LogParams = Awaited<ReturnType<typeof loadLogParams>>;

/** What the server is asked for; equal views give equal query keys. */
export function viewOf({ q, severity, service, range, from, to }: LogParams) {
  const fixed = from !== null || to !== null;
  return { q, severities: severity, service, minutes: fixed ? null : minutes[range], fromMs: from, toMs: to };
}
export type LogView = ReturnType<typeof viewOf>;
