import { parseAsArrayOf, parseAsString, parseAsStringLiteral } from 'nuqs/server';

/** What is exported and looked at, in the URL. Options are written as on the command line, `name=value`. */
export const exportParsers = {
  /** Empty: all of them. */
  target: parseAsArrayOf(parseAsString).withDefault([]),
  option: parseAsArrayOf(parseAsString).withDefault([]),
  /** Options of the export that this one is compared with; empty are the defaults. */
  against: parseAsArrayOf(parseAsString).withDefault([]),
  file: parseAsString,
  view: parseAsStringLiteral(['file', 'changes'] as const),
};
