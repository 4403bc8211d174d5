import { parseAsInteger, parseAsString } from 'nuqs/server';

/** State of the page in its URL: the experiment that is chosen, its seed, and the run that is read. */
export const experimentParsers = {
  name: parseAsString,
  seed: parseAsInteger.withDefault(1),
  run: parseAsString,
};
