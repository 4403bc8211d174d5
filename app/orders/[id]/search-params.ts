import { createLoader, createParser, parseAsArrayOf, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { storyKinds } from '#components/orders/story.ts';
import type { TimeWindow } from '#components/traces/waterfall-model.ts';

/** `-37~368.5`: milliseconds after the order was placed. */
const parseAsWindow = createParser<TimeWindow>({
  parse: (text) => {
    const [fromMs = Number.NaN, toMs = Number.NaN] = text.split('~').map(Number);
    return fromMs < toMs ? { fromMs, toMs } : null;
  },
  serialize: ({ fromMs, toMs }) => `${fromMs.toFixed(3)}~${toMs.toFixed(3)}`,
  eq: (a, b) => a.fromMs === b.fromMs && a.toMs === b.toMs,
});

/** State of an order's page in its URL: what of the story is shown and how, how the saga is drawn, and the open line. */
export const storyParsers = {
  view: parseAsStringLiteral(['lanes', 'table'] as const),
  /** Null is what suits the view. */
  kinds: parseAsArrayOf(parseAsStringLiteral(storyKinds)),
  service: parseAsString,
  /** Part of the time axis that is drawn; null is all of it. */
  window: parseAsWindow,
  saga: parseAsStringLiteral(['graph', 'table'] as const),
  line: parseAsString,
};

export const loadStorySearch = createLoader(storyParsers);
