import { parseAsString, parseAsStringLiteral } from 'nuqs/server';

export const views = ['waterfall', 'path', 'services'] as const;
export type View = (typeof views)[number];

/** State of a trace's page in its URL: how it is drawn, and the span whose panel is open. */
export const traceParsers = {
  view: parseAsStringLiteral(views).withDefault('waterfall'),
  span: parseAsString,
};
