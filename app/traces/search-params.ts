import { parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs/server';

export const ranges = ['15m', '1h', 'all'] as const;
export type Range = (typeof ranges)[number];
export const sorts = ['start', 'duration'] as const;

/** State of the list of traces in its URL. The filter text holds all filters: the controls write into it. */
export const tracesParsers = {
  q: parseAsString.withDefault(''),
  range: parseAsStringLiteral(ranges).withDefault('15m'),
  sort: parseAsStringLiteral(sorts).withDefault('start'),
  background: parseAsBoolean.withDefault(false),
  trace: parseAsString,
};
