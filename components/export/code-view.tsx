import { cn } from '#components/ui/cn.ts';

export type CodeToken = { text: string; tone: 'plain' | 'key' | 'text' | 'number' | 'word' | 'comment' };
export type CodeRow = {
  kind: 'same' | 'added' | 'removed' | 'gap';
  before: number | null;
  now: number | null;
  tokens: readonly CodeToken[];
};

const tones: Record<CodeToken['tone'], string | undefined> = {
  plain: undefined,
  key: 'text-info',
  text: 'text-ok',
  number: 'text-warn',
  word: 'text-fault',
  comment: 'text-tertiary italic',
};

const marks = { same: ' ', added: '+', removed: '−', gap: '' } as const;

/** Lines with their numbers; in a comparison, a sign and a tint for those that came or went. */
export function CodeView({ rows, label, compared }: { rows: readonly CodeRow[]; label: string; compared: boolean }) {
  return (
    <table aria-label={label} className="w-max min-w-full border-collapse font-mono text-sm">
      <tbody>
        {rows.map((row, index) =>
          row.kind === 'gap' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: a gap has no identity but its place
            <tr key={index}>
              <td colSpan={compared ? 3 : 2} className="px-3 py-1 text-tertiary">
                <span aria-hidden>⋯</span>
                <span className="sr-only">lines left out</span>
              </td>
            </tr>
          ) : (
            <tr
              key={`${row.before}-${row.now}`}
              data-line={row.kind}
              className={cn(
                row.kind === 'added' && 'bg-[color-mix(in_oklch,var(--ok)_10%,var(--surface))]',
                row.kind === 'removed' && 'bg-[color-mix(in_oklch,var(--error)_10%,var(--surface))]',
              )}
            >
              <td className="numeric w-12 px-2 text-right text-tertiary select-none">{row.now ?? row.before}</td>
              {compared ? (
                <td className="w-4 text-center text-secondary select-none">
                  {row.kind === 'same' ? null : <span className="sr-only">{row.kind}</span>}
                  <span aria-hidden>{marks[row.kind]}</span>
                </td>
              ) : null}
              <td className="pr-4 whitespace-pre">
                {row.tokens.map((token, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: words of a line have no identity but their place
                  <span key={at} className={row.kind === 'same' ? tones[token.tone] : undefined}>
                    {token.text}
                  </span>
                ))}
                {row.tokens.length === 0 ? ' ' : null}
              </td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}
