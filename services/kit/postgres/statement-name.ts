/** Beyond this many distinct texts, statements go unnamed: somebody is building SQL from values. */
const limit = 500;
const names = new Map<string, string>();

/**
 * A stable name per statement text, so that each connection parses and plans it once.
 * Returns undefined (no prepared statement) once too many texts have been seen.
 */
export function statementName(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= limit) return undefined;
  const name = `s${names.size}`;
  names.set(text, name);
  return name;
}
