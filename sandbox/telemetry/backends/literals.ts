/**
 * Text as TraceQL, LogQL and PromQL write it: all three read double quotes as Go does (strconv.Unquote), and regular
 * expressions as RE2 does. Whatever a person types passes through here or nowhere.
 */

/** The text in double quotes. Half a surrogate pair, which no backend can hold, becomes U+FFFD. */
export function quoted(text: string): string {
  return `"${Array.from(text.toWellFormed(), escaped).join('')}"`;
}

function escaped(char: string): string {
  if (char === '"' || char === '\\') return `\\${char}`;
  if (char === '\n') return '\\n';
  if (char >= ' ' && char !== '\u007f') return char;
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/**
 * A quoted regular expression that fits every text which contains `text` in whatever case, and possibly some others:
 * beyond ASCII each character fits any one, since our folding and RE2's differ there. `whole` for places where an
 * expression must fit the whole value.
 */
export function containing(text: string, whole: boolean): string {
  const inner = Array.from(text.toWellFormed(), fitting).join('');
  return quoted(whole ? `(?is).*${inner}.*` : `(?is)${inner}`);
}

function fitting(char: string): string {
  if (char > '\u007f') return '.';
  // Folded, İ is an i.
  if (/i/i.test(char)) return '[iİ]';
  return hexUnlessWord(char);
}

function hexUnlessWord(char: string): string {
  return /[\w ]/.test(char) ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** A quoted regular expression that fits this text and no other. */
export function exactly(text: string): string {
  return quoted(Array.from(text.toWellFormed(), (char) => (char > '\u007f' ? char : hexUnlessWord(char))).join(''));
}
