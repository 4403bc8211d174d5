import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { presets } from '#components/orders/presets.ts';

/** State of a twin run in its URL: what is ordered, and the two orders once they are placed. */
export const twinParsers = {
  preset: parseAsStringLiteral(presets.map(({ id }) => id)).withDefault('works'),
  choreography: parseAsString,
  orchestration: parseAsString,
};

export const loadTwinSearch = createLoader(twinParsers);
