import { parseAsString } from 'nuqs/server';

/** State of the page in its URL: the fault that is looked at, its target, and the one order that it is for. */
export const chaosParsers = {
  fault: parseAsString,
  target: parseAsString,
  order: parseAsString,
};
