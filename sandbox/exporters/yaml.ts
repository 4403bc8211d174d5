/**
 * YAML that every parser reads alike. Kubernetes, Helm, Compose and GitHub parse with YAML 1.1 rules or near to them,
 * where `on`, `yes` or `12:30` are no strings; so documents are written for 1.1, and what only 1.2 would take for
 * something else (`0o17`) is quoted, too.
 *
 * How a text is quoted is the library's to say. Maps and lists are laid out here: the contracts are 30 000 values that
 * are the same 600 texts again and again, and the library thinks about each of them anew (half a second in a fresh process).
 */
import { Document } from 'yaml';

/** One YAML document without a marker in front. `comment` becomes `#` lines at the top. */
export function toYaml(value: unknown, comment?: string): string {
  const head = comment === undefined ? '' : `${comment.replace(/^/gm, '# ')}\n\n`;
  if (!isNested(value)) return head + byLibrary(value);
  const lines: string[] = [];
  writeNested(lines, '', value);
  return `${head}${lines.join('\n')}\n`;
}

/** The same bytes, by the library alone. */
export function byLibrary(value: unknown): string {
  const document = new Document(value, { version: '1.1', compat: 'core', aliasDuplicateObjects: false });
  return document.toString({ lineWidth: 0, directives: false });
}

type Nested = readonly unknown[] | { readonly [key: string]: unknown };

function isNested(value: unknown): value is Nested {
  if (Array.isArray(value)) return value.length > 0;
  return typeof value === 'object' && value !== null && Object.values(value).some((one) => one !== undefined);
}

/** Appends the lines of a map or list that is not empty. */
function writeNested(lines: string[], indent: string, nested: Nested): void {
  const deeper = `${indent}  `;
  if (Array.isArray(nested)) {
    for (const item of nested) {
      const at = lines.length;
      if (isNested(item)) writeNested(lines, deeper, item);
      else lines.push(`${deeper}${textOf(item, deeper)}`);
      lines[at] = `${indent}- ${lines[at]?.slice(deeper.length)}`;
    }
    return;
  }
  for (const [key, value] of Object.entries(nested)) {
    if (value === undefined) continue;
    if (isNested(value)) {
      lines.push(`${indent}${keyOf(key)}:`);
      writeNested(lines, deeper, value);
    } else lines.push(`${indent}${keyOf(key)}: ${textOf(value, deeper)}`);
  }
}

/** A value without parts; the further lines of a text begin with `indent`. */
function textOf(value: unknown, indent: string): string {
  if (typeof value === 'boolean' || value === null || Number.isSafeInteger(value)) return plain(value);
  const text = typeof value === 'string' ? remembered(texts, value, quotedText) : quotedText(value);
  return text.includes('\n') ? text.replace(/\n(?=[^\n])/g, `\n${indent}`) : text;
}

/** `-0` keeps its sign. */
function plain(value: unknown): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function keyOf(key: string): string {
  return remembered(keys, key, (name) => byLibrary({ [name]: null }).slice(0, -': null\n'.length));
}

/** Written behind a key, and cut out from there: lines after the first are indented by two. */
function quotedText(value: unknown): string {
  return byLibrary({ k: value })
    .slice('k: '.length, -1)
    .replace(/\n {2}/g, '\n');
}

/** Not state: the same text is always quoted alike, and what is forgotten is worked out again. */
const texts = new Map<string, string>();
const keys = new Map<string, string>();
const most = 5_000;

function remembered(known: Map<string, string>, text: string, quote: (text: string) => string): string {
  const found = known.get(text);
  if (found !== undefined) return found;
  if (known.size >= most) known.clear();
  const quoted = quote(text);
  known.set(text, quoted);
  return quoted;
}
