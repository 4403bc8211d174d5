import { parseAsString } from 'nuqs/server';

/** State of the page in its URL: the fault that is looked at, and its target. */
export const chaosParsers = {
  fault: parseAsString,
  target: parseAsString,
};
