import { count } from '#components/format/number.ts';
import { cn } from '#components/ui/cn.ts';
import type { Suggestion } from './use-suggestions.ts';

export function optionId(id: string, index: number): string {
  return `${id}-option-${index}`;
}

/** Fields or values to choose from, under the input. The input keeps the focus. */
export function SuggestionList(props: {
  id: string;
  suggestions: readonly Suggestion[];
  active: number;
  onMark: (index: number) => void;
  onTake: (index: number) => void;
}) {
  const { id, suggestions, active, onMark, onTake } = props;
  return (
    <div className="absolute top-full left-0 z-40 mt-1 flex max-h-72 w-96 max-w-full flex-col overflow-hidden rounded-lg border border-border bg-popover shadow-float">
      <div id={`${id}-list`} role="listbox" aria-label="Suggestions" className="min-h-0 flex-1 overflow-y-auto p-1">
        {suggestions.map((suggestion, index) => (
          <div
            key={suggestion.insert}
            id={optionId(id, index)}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            ref={index === active ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
            className={cn(
              'flex min-h-6 cursor-default items-center gap-3 rounded-sm px-2 text-sm',
              index === active && 'bg-raised',
            )}
            onPointerMove={() => onMark(index)}
            // Before the input loses the focus, and with it the list.
            onMouseDown={(event) => {
              event.preventDefault();
              onTake(index);
            }}
          >
            <span className="min-w-0 shrink-0 truncate font-mono">{suggestion.label}</span>
            {suggestion.note ? <span className="min-w-0 truncate text-secondary">{suggestion.note}</span> : null}
            {suggestion.count === null ? null : (
              <span className="ml-auto shrink-0 text-tertiary tabular-nums">{count(suggestion.count)}</span>
            )}
          </div>
        ))}
      </div>
      <p className="border-t border-border px-3 py-1 text-xs text-tertiary max-md:hidden">
        <code>field:value</code> is · <code>-field:value</code> is not · <code>~</code> contains · <code>{'> <='}</code>{' '}
        compare · <code>field:*</code> exists · <code>"free text"</code>
      </p>
    </div>
  );
}
