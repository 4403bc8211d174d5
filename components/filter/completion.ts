/** What the caret is on in a filter text, and how the text reads once a suggestion is taken. Pure. */
export type Completion =
  | { kind: 'field'; from: number; to: number; prefix: string }
  | { kind: 'value'; from: number; to: number; prefix: string; field: string };

const term = /^(-?)([A-Za-z_][\w.\-/]*)(>=|<=|!=|[:=~><])(.*)$/s;

/** The part of the term around the caret that a suggestion would replace; null inside quoted free text. */
export function completionAt(text: string, caret: number): Completion | null {
  const start = startOfTerm(text, caret);
  const to = endOfTerm(text, caret);
  const before = text.slice(start, caret);
  const found = term.exec(before);
  if (found) {
    const [, sign = '', field = '', operator = '', typed = ''] = found;
    const from = start + sign.length + field.length + operator.length;
    return { kind: 'value', from, to, field, prefix: typed.replace(/^"/, '') };
  }
  const sign = before.startsWith('-') ? 1 : 0;
  if (before.charAt(sign) === '"') return null;
  return { kind: 'field', from: start + sign, to: fieldEnd(text, caret, to), prefix: before.slice(sign) };
}

/** The text with `chosen` in place of what was typed, and where the caret goes. */
export function complete(text: string, completion: Completion, chosen: string): { text: string; caret: number } {
  const rest = text.slice(completion.to);
  const spaced = completion.kind === 'value' && !/^\s/.test(rest) ? ' ' : '';
  const inserted = completion.kind === 'field' ? chosen : quoted(chosen);
  const head = text.slice(0, completion.from) + inserted + spaced;
  return { text: head + rest, caret: head.length + (completion.kind === 'value' && spaced === '' ? 1 : 0) };
}

/** A value as the filter language reads it back. */
export function quoted(value: string): string {
  return /^[^\s"*=][^\s"]*$/.test(value) ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

function startOfTerm(text: string, caret: number): number {
  let start = 0;
  let inQuotes = false;
  for (let at = 0; at < caret; at++) {
    const char = text.charAt(at);
    if (inQuotes && char === '\\') at++;
    else if (char === '"') inQuotes = !inQuotes;
    else if (!inQuotes && /\s/.test(char)) start = at + 1;
  }
  return start;
}

function endOfTerm(text: string, caret: number): number {
  const quotesBefore = text.slice(startOfTerm(text, caret), caret).replace(/\\./g, '').split('"').length - 1;
  let inQuotes = quotesBefore % 2 === 1;
  let at = caret;
  for (; at < text.length; at++) {
    const char = text.charAt(at);
    if (inQuotes && char === '\\') at++;
    else if (char === '"') inQuotes = !inQuotes;
    else if (!inQuotes && /\s/.test(char)) break;
  }
  return Math.min(at, text.length);
}

/** A field's name is replaced without the operator and value that may follow it, but with a `:` that would double. */
function fieldEnd(text: string, caret: number, to: number): number {
  const rest = /^[\w.\-/]*:?/.exec(text.slice(caret, to));
  return caret + (rest?.[0].length ?? 0);
}
