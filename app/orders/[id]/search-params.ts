import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server';

/** State of an order's page in its URL: what of the story is shown, how the saga is drawn, and the open line. */
export const storyParsers = {
  show: parseAsStringLiteral(['all', 'event', 'log'] as const).withDefault('all'),
  service: parseAsString,
  saga: parseAsStringLiteral(['graph', 'table'] as const),
  line: parseAsString,
};

export const loadStorySearch = createLoader(storyParsers);
