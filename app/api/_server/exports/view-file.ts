import { structuredPatch } from 'diff';
import { highlight, type Token } from './highlight.ts';

/** A line on screen: numbers of the line before and now, null where it does not exist. `gap` stands for lines left out. */
export type CodeRow =
  | { kind: 'same' | 'added' | 'removed'; before: number | null; now: number | null; tokens: Token[] }
  | { kind: 'gap'; before: null; now: null; tokens: [] };

/** The whole file. */
export async function wholeFile(path: string, content: string): Promise<CodeRow[]> {
  const lines = await highlight(path, content);
  return lines.map((tokens, index) => ({ kind: 'same', before: index + 1, now: index + 1, tokens }));
}

/** What changed, each change with three lines around it. */
export async function changedLines(path: string, before: string, now: string): Promise<CodeRow[]> {
  const [old, current] = await Promise.all([highlight(path, before), highlight(path, now)]);
  const { hunks } = structuredPatch(path, path, before, now, undefined, undefined, { context: 3 });
  return hunks.flatMap(({ oldStart, newStart, lines }, index) => {
    let oldLine = oldStart;
    let newLine = newStart;
    const rows = lines
      .filter((line) => !line.startsWith('\\'))
      .map((line): CodeRow => {
        switch (line[0]) {
          case '-':
            return { kind: 'removed', before: oldLine, now: null, tokens: old[oldLine++ - 1] ?? [] };
          case '+':
            return { kind: 'added', before: null, now: newLine, tokens: current[newLine++ - 1] ?? [] };
          default:
            return { kind: 'same', before: oldLine++, now: newLine, tokens: current[newLine++ - 1] ?? [] };
        }
      });
    return index === 0 ? rows : [{ kind: 'gap' as const, before: null, now: null, tokens: [] as [] }, ...rows];
  });
}
