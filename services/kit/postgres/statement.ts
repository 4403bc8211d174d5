/** What is known about a statement from its text alone: worked out once per text. */
export type Statement = {
  /** Name of the prepared statement: each connection parses and plans it once. Undefined when there are too many. */
  prepared: string | undefined;
  /** First word of what it does, e.g. `INSERT`. */
  operation: string;
  /** The table it is about; undefined when it has none. */
  table: string | undefined;
  /** `INSERT outbox`: low-cardinality name for a span (semconv `db.query.summary`). */
  summary: string;
  /** The text as a span tells it: on one line. */
  shown: string;
  /** Part of handling every message, and worth a span only when it was slow or failed: inbox and advisory locks. */
  routine: boolean;
};

const routine = new Set(['INSERT inbox', 'SELECT inbox', 'SELECT pg_advisory_xact_lock']);

/** Beyond this many distinct texts, statements go unnamed: somebody is building SQL from values. */
const limit = 500;
const known = new Map<string, Statement>();

export function statementOf(text: string): Statement {
  const before = known.get(text);
  if (before !== undefined) return before;
  const found = read(text);
  if (known.size >= limit) return { ...found, prepared: undefined };
  const statement = { ...found, prepared: `s${known.size}` };
  known.set(text, statement);
  return statement;
}

/** A word that names a table or function, with its schema or quotes. */
const name = String.raw`(?:only\s+)?("?[\w.]+"?)`;
const writes = new RegExp(
  String.raw`\b(?:(insert)\s+into|(?<!for\s|for no key\s|do\s)(update)(?!\s+set\b|\s+of\b)|(delete)\s+from)\s+${name}`,
  'i',
);
const reads = new RegExp(String.raw`\bfrom\s+${name}`, 'i');
const calls = /^\s*select\s+([\w.]+)\(/i;

/**
 * Names a statement after what it changes, if anything: a `with` that looks first and then inserts is an INSERT.
 * Not a parser: it reads the SQL that services write, in lower case or upper.
 */
function read(text: string): Omit<Statement, 'prepared'> {
  const [, insert, update, remove, target] = writes.exec(text) ?? [];
  const verb = insert ?? update ?? remove ?? (/\bselect\b/i.test(text) ? 'select' : /^\s*(\w+)/.exec(text)?.[1]);
  const operation = (verb ?? 'SQL').toUpperCase();
  const table = (target ?? calls.exec(text)?.[1] ?? reads.exec(text)?.[1])?.replaceAll('"', '');
  const summary = table === undefined ? operation : `${operation} ${table}`;
  return { operation, table, summary, shown: text.replace(/\s+/g, ' ').trim(), routine: routine.has(summary) };
}
