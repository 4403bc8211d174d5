import { parseAsString, parseAsStringLiteral } from 'nuqs/server';

export const shows = ['all', 'calls', 'messages', 'edge', 'off'] as const;

/** State of the page in its URL: which patterns, of which service. */
export const patternsParsers = {
  show: parseAsStringLiteral(shows).withDefault('all'),
  service: parseAsString,
};
