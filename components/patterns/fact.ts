import { duration, type Quantity } from '#components/format/duration.ts';
import { bytes, count, percent } from '#components/format/number.ts';

export type Fact = number | string | boolean | null;

/** How a figure is drawn. */
export type ShownFact =
  | { kind: 'none' }
  | { kind: 'quantity'; of: Quantity }
  | { kind: 'text'; text: string }
  | { kind: 'instant'; atMs: number };

const units = /(Ms|Seconds|Bytes)$/;

/** Heading of a figure: its name as words, without the unit, which stands beside each value. `retryInMs` → `Retry in`. */
export function factLabel(name: string): string {
  const words = name
    .replace(units, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A figure by the unit in its name: `…Ms`, `…Seconds`, `…Bytes`, `…Ratio`, `…At`; otherwise a count or a word. */
export function shownFact(name: string, fact: Fact | undefined): ShownFact {
  if (fact === null || fact === undefined) return { kind: 'none' };
  if (typeof fact === 'boolean') return { kind: 'text', text: fact ? 'yes' : 'no' };
  if (typeof fact === 'string') {
    const atMs = /At$/.test(name) ? Date.parse(fact) : Number.NaN;
    return Number.isNaN(atMs) ? { kind: 'text', text: fact } : { kind: 'instant', atMs };
  }
  if (/ratio$/i.test(name)) return { kind: 'quantity', of: percent(fact) };
  switch (units.exec(name)?.[1]) {
    case 'Ms':
      return { kind: 'quantity', of: fact === 0 ? { value: '0', unit: 'ms' } : duration(fact) };
    case 'Seconds':
      return { kind: 'quantity', of: fact === 0 ? { value: '0', unit: 's' } : duration(fact * 1_000) };
    case 'Bytes':
      return { kind: 'quantity', of: bytes(fact) };
    default:
      return { kind: 'text', text: Number.isInteger(fact) ? count(fact) : fact.toFixed(1) };
  }
}

/** Whether a column holds figures, which stand at the right. */
export function isNumeric(facts: readonly (Fact | undefined)[]): boolean {
  const known = facts.filter((fact) => fact !== null && fact !== undefined);
  return known.every((fact) => typeof fact === 'number');
}
