/**
 * Reads and evaluates what TraceQL and LogQL have in common and our compilers write: comparisons in parentheses, joined
 * by and (`&&`, `and`) and or (`||`, `or`). Written from the languages' documentation and not from the compilers, so
 * that tests can hold the two together; whether the real parsers take a query is asked of their grammars.
 */
export type Literal = string | number | boolean | null | { word: string } | { nanoseconds: number };
export type Comparison = { field: string; op: string; literal: Literal };

type Token = { type: 'string' | 'number' | 'word' | 'sign'; text: string };
const signs = ['&&', '||', '=~', '!~', '!=', '>=', '<=', '|=', '|~', '=', '>', '<', '(', ')', '{', '}', '|', ','];

export class Reader {
  readonly #tokens: Token[];
  #at = 0;
  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }
  peek(): string | null {
    const token = this.#tokens[this.#at];
    return token === undefined ? null : token.type === 'string' ? '""' : token.text;
  }
  next(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new Error('the query ends too early');
    return token;
  }
  takes(...texts: string[]): boolean {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.type === 'string' || !texts.includes(token.text)) return false;
    this.#at++;
    return true;
  }
  expect(text: string): void {
    if (!this.takes(text)) throw new Error(`“${text}” is expected, not ${this.peek()}`);
  }
}

/** True or false of the expression that comes next. Both sides are read, whatever they say. */
export function evaluate(reader: Reader, holds: (comparison: Comparison) => boolean): boolean {
  let result = conjunction(reader, holds);
  while (reader.takes('||', 'or')) {
    const right = conjunction(reader, holds);
    result = result || right;
  }
  return result;
}

function conjunction(reader: Reader, holds: (comparison: Comparison) => boolean): boolean {
  let result = primary(reader, holds);
  while (reader.takes('&&', 'and')) {
    const right = primary(reader, holds);
    result = result && right;
  }
  return result;
}

function primary(reader: Reader, holds: (comparison: Comparison) => boolean): boolean {
  if (reader.takes('(')) {
    const inner = evaluate(reader, holds);
    reader.expect(')');
    return inner;
  }
  return holds(readComparison(reader));
}

export function readComparison(reader: Reader): Comparison {
  const field = reader.next().text;
  const op = reader.next().text;
  return { field, op, literal: literalOf(reader.next()) };
}

export function literalOf({ type, text }: Token): Literal {
  if (type === 'string') return text;
  if (type === 'number') return text.endsWith('ns') ? { nanoseconds: Number(text.slice(0, -2)) } : Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text === 'nil' ? null : { word: text };
}

/** Whether a regular expression of RE2, as our compilers write them, fits: somewhere, or the whole text. */
export function fits(expression: string, text: string, whole: boolean): boolean {
  const [, flags = '', rest = ''] = /^(?:\(\?([is]+)\))?(.*)$/s.exec(expression) ?? [];
  return new RegExp(whole ? `^(?:${rest})$` : rest, `${flags}u`).test(text);
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const space = /^\s+/.exec(rest)?.[0];
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const [raw, token] = tokenAt(rest);
    tokens.push(token);
    at += raw.length;
  }
  return tokens;
}

function tokenAt(rest: string): [string, Token] {
  const string = /^"(?:[^"\\\n]|\\.)*"/.exec(rest)?.[0];
  if (string !== undefined) return [string, { type: 'string', text: unquoted(string) }];
  const number = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?:ns|h)?/i.exec(rest)?.[0];
  if (number !== undefined) return [number, { type: 'number', text: number }];
  const sign = signs.find((candidate) => rest.startsWith(candidate));
  if (sign !== undefined) return [sign, { type: 'sign', text: sign }];
  // An attribute's name may be quoted after its scope: span."a b".
  const word = /^(?:[A-Za-z_][\w.:]*)(?:"(?:[^"\\]|\\.)*")?/.exec(rest)?.[0];
  if (word === undefined) throw new Error(`no token at ${rest.slice(0, 40)}`);
  return [word, { type: 'word', text: word.replace(/"(.*)"$/s, (_, inner: string) => inner.replace(/\\(.)/gs, '$1')) }];
}

/** Go's strconv.Unquote, of what our compilers write. */
function unquoted(raw: string): string {
  return raw.slice(1, -1).replace(/\\(x[0-9a-f]{2}|.)/g, (_, code: string) => {
    if (code.startsWith('x')) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (code === 'n') return '\n';
    if (code === '"' || code === '\\') return code;
    throw new Error(`Go does not know the escape \\${code}`);
  });
}
