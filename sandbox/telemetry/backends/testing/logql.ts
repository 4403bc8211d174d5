import { evaluate, fits, literalOf, Reader, readComparison } from './expression.ts';

/** What Loki compares: the labels of a line, and the line. */
export type LokiLine = { labels: Record<string, string>; text: string };

/** Lines that a LogQL log query finds, by what its documentation says of selectors, line and label filters. */
export function logQlFinds(query: string, line: LokiLine): boolean {
  const reader = new Reader(query);
  let found = selects(reader, line);
  while (reader.peek() !== null) {
    const stage = reader.next().text;
    if (stage === '|=' || stage === '|~') {
      const literal = literalOf(reader.next());
      const text = typeof literal === 'string' ? literal : '';
      if (!(stage === '|=' ? line.text.includes(text) : fits(text, line.text, false))) found = false;
    } else if (stage === '|') {
      if (!evaluate(reader, (comparison) => labelHolds(comparison, line.labels))) found = false;
    } else throw new Error(`LogQL has no stage ${stage}`);
  }
  return found;
}

function selects(reader: Reader, { labels }: LokiLine): boolean {
  let found = true;
  let aboutSomething = false;
  reader.expect('{');
  do {
    const comparison = readComparison(reader);
    if (!labelHolds({ ...comparison, field: comparison.field }, labels)) found = false;
    // Loki refuses a selector whose every matcher fits an empty value.
    if (!labelHolds(comparison, {})) aboutSomething = true;
  } while (reader.takes(','));
  reader.expect('}');
  if (!aboutSomething) throw new Error('Loki: at least one matcher must not match an empty value');
  return found;
}

function labelHolds({ field, op, literal }: ReturnType<typeof readComparison>, labels: Record<string, string>) {
  const own = labels[field] ?? '';
  if (typeof literal === 'string') {
    if (op === '=') return own === literal;
    if (op === '!=') return own !== literal;
    if (op === '=~') return fits(literal, own, true);
    throw new Error(`labels are not compared by ${op} with text`);
  }
  if (typeof literal !== 'number') throw new Error('labels are compared with text or numbers');
  if (labels[field] === undefined) return false;
  const value = Number(own);
  // A value that is no number marks the line with an error, and keeps it.
  if (own.trim() === '' || Number.isNaN(value)) return true;
  return { '>': value > literal, '>=': value >= literal, '<': value < literal, '<=': value <= literal }[op] ?? false;
}
