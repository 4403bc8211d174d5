/** Colours code on the server: the browser gets words with a tone, and neither grammar nor highlighter. */
import { createHighlighterCore, type HighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';

/** What a word is; the page gives each tone one colour of its own theme. */
export type Tone = 'plain' | 'key' | 'text' | 'number' | 'word' | 'comment';
export type Token = { text: string; tone: Tone };

let highlighter: Promise<HighlighterCore> | null = null;

function load(): Promise<HighlighterCore> {
  highlighter ??= createHighlighterCore({
    themes: [toneTheme],
    langs: [
      import('shiki/langs/yaml.mjs'),
      import('shiki/langs/json.mjs'),
      import('shiki/langs/hcl.mjs'),
      import('shiki/langs/markdown.mjs'),
      import('shiki/langs/shellscript.mjs'),
      import('shiki/langs/proto.mjs'),
    ],
    engine: createJavaScriptRegexEngine(),
  });
  return highlighter;
}

/** Lines of a file as tokens. A file of no known language comes as plain text. */
export async function highlight(path: string, content: string): Promise<Token[][]> {
  const language = languageOf(path);
  const lines = content.replace(/\n$/, '');
  if (language === null) return lines.split('\n').map((text) => [{ text, tone: 'plain' }]);
  const { tokens } = (await load()).codeToTokens(lines, { lang: language, theme: toneTheme.name });
  return tokens.map((line) =>
    line.map(({ content: text, color }) => ({ text, tone: tones[color?.toLowerCase() ?? ''] ?? 'plain' })),
  );
}

function languageOf(path: string): string | null {
  if (/\.(ya?ml)$/.test(path)) return 'yaml';
  if (path.endsWith('.json')) return 'json';
  if (path.endsWith('.tf')) return 'hcl';
  if (path.endsWith('.md')) return 'markdown';
  if (path.endsWith('.sh')) return 'shellscript';
  if (path.endsWith('.proto')) return 'proto';
  return null;
}

/** A theme whose colours are only names: each stands for a tone. */
const toneColours: Record<Tone, string> = {
  plain: '#000000',
  key: '#000001',
  text: '#000002',
  number: '#000003',
  word: '#000004',
  comment: '#000005',
};
const tones = Object.fromEntries(Object.entries(toneColours).map(([tone, colour]) => [colour, tone])) as Record<
  string,
  Tone
>;

const toneTheme = {
  name: 'tones',
  type: 'light' as const,
  fg: toneColours.plain,
  bg: '#ffffff',
  settings: [
    { settings: { foreground: toneColours.plain } },
    rule('comment', 'comment', 'punctuation.definition.comment'),
    rule('text', 'string', 'string.quoted', 'string.unquoted', 'markup.inline.raw'),
    rule('number', 'constant.numeric', 'constant.language', 'constant.character'),
    rule(
      'word',
      'keyword',
      'storage',
      'entity.name.type',
      'support.type.primitive',
      'entity.name.function',
      'markup.heading',
    ),
    rule(
      'key',
      'entity.name.tag',
      'support.type.property-name',
      'variable.declaration',
      'meta.structure.dictionary.key',
      'variable.other.property',
    ),
  ],
};

function rule(tone: Tone, ...scope: string[]) {
  return { scope, settings: { foreground: toneColours[tone] } };
}
