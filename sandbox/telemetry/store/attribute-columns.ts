import type { Attributes, AttributeValue } from '#contracts/telemetry/query.ts';

/** How a record's attributes lie in the store: see spans.sql for why they are split. */
export type AttributeColumns = { attributes: string; idKeys: string | null; idValues: string | null };

// Hex runs and long digit runs: ids, ports in addresses, timestamps.
const idLike = /[0-9a-f]{8}|\d{5}/;
// ASCII without capitals, so that free text needs no lower() over this large column: 15 ms → 5 ms on 250k spans.
const plain = /^[\x20-\x40\x5b-\x7e]*$/;
// Numbers are mostly offsets, sizes and delays; these few repeat.
const repeatingNumber = /(status_code|\.port|partition|version|attempt|\.count)$/;

/** True when a value hardly ever repeats. Decides from the pair alone, so that a query knows where to look. */
export function isVolatile(key: string, value: AttributeValue): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || value >= 10_000 || !repeatingNumber.test(key);
  return typeof value === 'string' && idLike.test(value) && plain.test(value);
}

/** Attributes told apart once, for the columns and for the text. */
export type SplitAttributes = { repeating: Attributes; volatileKeys: string[]; volatileValues: AttributeValue[] };

export function splitAttributes(attributes: Attributes): SplitAttributes {
  const split: SplitAttributes = { repeating: {}, volatileKeys: [], volatileValues: [] };
  for (const key in attributes) {
    const value = attributes[key];
    if (value === undefined) continue;
    if (isVolatile(key, value)) {
      split.volatileKeys.push(key);
      split.volatileValues.push(value);
    } else split.repeating[key] = value;
  }
  return split;
}

/** Attributes as the store's columns. */
export function toColumns({ repeating, volatileKeys, volatileValues }: SplitAttributes): AttributeColumns {
  const attributes = JSON.stringify(repeating);
  if (volatileKeys.length === 0) return { attributes, idKeys: null, idValues: null };
  return { attributes, idKeys: JSON.stringify(volatileKeys), idValues: JSON.stringify(volatileValues) };
}

/** Puts the columns together again. */
export function fromColumns({ attributes, idKeys, idValues }: AttributeColumns): Attributes {
  const merged = JSON.parse(attributes) as Attributes;
  if (idKeys === null || idValues === null) return merged;
  const values = JSON.parse(idValues) as AttributeValue[];
  for (const [index, key] of (JSON.parse(idKeys) as string[]).entries()) {
    const value = values[index];
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the test is whether all characters are ASCII
const ascii = /^[\x00-\x7f]*$/;

/** Lower case, code point by code point: what DuckDB's lower() does, where toLowerCase looks at neighbours. */
export function fold(text: string): string {
  if (plain.test(text)) return text;
  if (ascii.test(text)) return text.toLowerCase();
  return Array.from(text, (char) => (char === 'İ' ? 'i' : char.toLowerCase())).join('');
}

/** The `text` column: what free text is searched in, besides id_values. */
export function searchText(parts: readonly (string | null)[], { repeating }: SplitAttributes): string {
  let text = '';
  for (const part of parts) if (part !== null) text += `${part}\n`;
  for (const key in repeating) {
    const value = repeating[key];
    if (typeof value === 'string') text += `${value}\n`;
    else if (Array.isArray(value)) for (const item of value) if (typeof item === 'string') text += `${item}\n`;
  }
  return fold(text);
}

/** Text that both the store and the matcher take for a number. */
export const numeric = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** The value as a small whole number (an HTTP status), or null: the store keeps it in a column of its own, for speed. */
export function httpStatusOf(value: AttributeValue | undefined): number | null {
  const status = typeof value === 'number' || (typeof value === 'string' && numeric.test(value)) ? Number(value) : -1;
  return Number.isInteger(status) && status >= 0 && status <= 65_535 ? status : null;
}
