import { parseAsString, parseAsStringLiteral } from 'nuqs/server';

/** State of the page in its URL: the fault that is looked at, its target, the one order that it is for, its saga. */
export const chaosParsers = {
  fault: parseAsString,
  target: parseAsString,
  order: parseAsString,
  style: parseAsStringLiteral(['choreography', 'orchestration'] as const),
};
