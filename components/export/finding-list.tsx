import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ExportFinding } from '#contracts/sandbox/export.ts';

const looks = {
  error: { icon: CircleAlert, colour: 'text-error', word: 'Error' },
  warning: { icon: TriangleAlert, colour: 'text-warn', word: 'Warning' },
  info: { icon: Info, colour: 'text-info', word: 'Note' },
} as const;

/** What to know before merging: where it shows, and what to do. */
export function FindingList({
  findings,
  onOpen,
}: {
  findings: readonly ExportFinding[];
  onOpen: (path: string) => void;
}) {
  return (
    <ul className="divide-y divide-border">
      {findings.map(({ severity, file, line, message, fix }) => {
        const { icon: Icon, colour, word } = looks[severity];
        return (
          <li key={message} className="flex gap-2 px-4 py-2 text-sm">
            <Icon className={`mt-px size-4 shrink-0 stroke-[1.5] ${colour}`} aria-hidden />
            <div className="min-w-0">
              <p className="break-words">
                <span className="font-medium">{word}:</span> {message}.
              </p>
              <p className="break-words text-secondary">{fix}</p>
              {file === null ? null : (
                <button
                  type="button"
                  className="min-h-6 max-w-full truncate text-left text-accent hover:underline"
                  onClick={() => onOpen(file)}
                >
                  {file}
                  {line === null ? '' : `:${line}`}
                </button>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
