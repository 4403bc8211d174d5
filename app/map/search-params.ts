import { parseAsArrayOf, parseAsString, parseAsStringLiteral } from 'nuqs/server';

export const views = ['map', 'table'] as const;
export const optionalLayers = ['databases', 'keys', 'telemetry'] as const;

/** State of the map in its URL: how it is shown, layers beyond calls and events, the place or edge whose panel is open. */
export const mapParsers = {
  /** Null: the picture, on small screens the table. */
  view: parseAsStringLiteral(views),
  layers: parseAsArrayOf(parseAsStringLiteral(optionalLayers)).withDefault([]),
  place: parseAsString,
  /** Id of the edge: `gateway http orders`. */
  edge: parseAsString,
};
