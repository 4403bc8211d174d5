'use client';

import { CornerDownLeft, Search, X } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useId, useRef, useState } from 'react';
import { keysOf } from '#components/shell/commands.ts';
import { useViewCommand } from '#components/shell/view-commands.tsx';
import { cn } from '#components/ui/cn.ts';
import { controlStyle } from '#components/ui/input.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { parseFilter } from '#contracts/telemetry/filter.ts';
import { complete, completionAt } from './completion.ts';
import { FilterError } from './filter-error.tsx';
import { optionId, SuggestionList } from './suggestion-list.tsx';
import { type FilterField, type LoadValues, useSuggestions } from './use-suggestions.ts';

export type FilterInputProps = {
  /** The committed text: what the URL says. */
  value: string;
  /** Called with text that parses, on Enter, on choosing "clear", and with '' for none. */
  onCommit: (text: string) => void;
  /** What is suggested; any other attribute may be typed. */
  fields: readonly FilterField[];
  /** Values of a field, most frequent first. May reject: then nothing is suggested. */
  loadValues?: LoadValues;
  placeholder?: string;
  'aria-label'?: string;
  className?: string;
};

/**
 * One line of the filter language (contracts/telemetry/filter.ts). `/` focuses it, Enter commits, Escape closes the
 * suggestions and then takes the typing back, Tab or Enter takes the marked suggestion, arrows mark one.
 */
export function FilterInput(props: FilterInputProps) {
  const { value, onCommit, fields, loadValues, placeholder = 'Filter…', className } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(value);
  const [committed, setCommitted] = useState(value);
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [marked, setMarked] = useState(-1);
  // A half-typed term is no mistake yet: errors show from the first Enter until the text is right.
  const [judged, setJudged] = useState(() => !parseFilter(value).ok);
  if (committed !== value) {
    // The URL moved on (Back, a chip, "filter for"): it wins over what was being typed.
    setCommitted(value);
    setDraft(value);
    setJudged(!parseFilter(value).ok);
  }
  useViewCommand('filter', () => {
    input.current?.focus();
    input.current?.select();
  });

  const parsed = parseFilter(draft);
  const error = judged && !parsed.ok ? parsed.error : null;
  const completion = open ? completionAt(draft, caret) : null;
  const suggestions = useSuggestions(completion, fields, loadValues);
  const shown = suggestions.length > 0;
  const active = shown && marked >= 0 ? Math.min(marked, suggestions.length - 1) : -1;

  const caretTo = useRef<number | null>(null);
  useEffect(() => {
    if (caretTo.current === null) return;
    input.current?.setSelectionRange(caretTo.current, caretTo.current);
    caretTo.current = null;
  });
  const change = useCallback((text: string, at: number) => {
    setDraft(text);
    setCaret(at);
    setMarked(-1);
    setOpen(true);
    if (parseFilter(text).ok) setJudged(false);
  }, []);
  const commit = (text: string) => {
    const trimmed = text.trim();
    setOpen(false);
    if (!parseFilter(trimmed).ok) return setJudged(true);
    setDraft(trimmed);
    onCommit(trimmed);
  };
  const take = (index: number) => {
    const suggestion = suggestions[index];
    if (!completion || !suggestion) return;
    const done = complete(draft, completion, suggestion.insert);
    caretTo.current = done.caret;
    change(done.text, done.caret);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        if (!shown) return setOpen(true);
        event.preventDefault();
        setMarked(step(active, event.key === 'ArrowDown' ? 1 : -1, suggestions.length));
        return;
      case 'Tab':
        if (!shown || active < 0 || event.shiftKey) return setOpen(false);
        event.preventDefault();
        return take(active);
      case 'Enter':
        event.preventDefault();
        return active >= 0 ? take(active) : commit(draft);
      case 'Escape':
        // One layer at a time: the list, then the typing, then the field.
        if (shown) setOpen(false);
        else if (draft !== value) setDraft(value);
        else input.current?.blur();
        event.stopPropagation();
        return;
      default:
    }
  };

  return (
    <div data-slot="filter" className={cn('relative min-w-0', className)}>
      <Search className="pointer-events-none absolute top-1.5 left-2 size-4 stroke-[1.5] text-tertiary" aria-hidden />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={props['aria-label'] ?? 'Filter'}
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={shown ? `${id}-list` : undefined}
        aria-activedescendant={active >= 0 ? optionId(id, active) : undefined}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        placeholder={placeholder}
        value={draft}
        onChange={(event) => change(event.target.value, event.target.selectionStart ?? event.target.value.length)}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onFocus={(event) => {
          setCaret(event.currentTarget.selectionStart ?? 0);
          setOpen(true);
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
        className={cn(controlStyle, 'h-7 pr-14 pl-7 font-mono text-sm placeholder:font-sans')}
      />
      <span className="absolute top-0.5 right-1 flex h-6 items-center gap-1">
        {draft !== value ? (
          <CornerDownLeft className="size-3.5 stroke-[1.5] text-tertiary" aria-label="Enter applies the filter" />
        ) : draft === '' ? (
          <Kbd keys={keysOf('view.filter') ?? []} className="max-md:hidden" />
        ) : null}
        {draft !== '' ? (
          <button
            type="button"
            aria-label="Clear the filter"
            className="inline-flex size-6 items-center justify-center rounded-sm text-secondary hover:bg-raised hover:text-foreground"
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              setDraft('');
              commit('');
            }}
          >
            <X className="size-4 stroke-[1.5]" aria-hidden />
          </button>
        ) : null}
      </span>
      {error ? <FilterError id={`${id}-error`} error={error} text={draft} input={input} /> : null}
      {shown && !error ? (
        <SuggestionList id={id} suggestions={suggestions} active={active} onMark={setMarked} onTake={take} />
      ) : null}
    </div>
  );
}

/** Around the list, with "none" (−1) between its ends. */
function step(from: number, by: 1 | -1, length: number): number {
  const next = from + by;
  return next >= length ? -1 : next < -1 ? length - 1 : next;
}
