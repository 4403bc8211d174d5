'use client';

import { Code } from 'lucide-react';
import { durationText } from '#components/format/duration.ts';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '#components/ui/popover.tsx';

/** A button that shows the query behind the view, with how long it took. */
export function ShownQuery(props: { query: string; elapsedMs: number; rows: number; note?: string }) {
  const { query, elapsedMs, rows, note } = props;
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="ghost" aria-label="Show the query" className="max-md:w-7 max-md:px-0">
          <Code aria-hidden />
          <span className="max-md:hidden">Query</span>
        </Button>
      </PopoverTrigger>
      <PopoverContent
        align="end"
        aria-label="The query behind this view"
        className="w-[min(36rem,calc(100vw-16px))] p-0"
      >
        <div className="flex items-center gap-2 border-b border-border py-1 pr-1.5 pl-3">
          <p className="mr-auto text-sm text-secondary">
            {rows} {rows === 1 ? 'row' : 'rows'} in {durationText(elapsedMs)}, DuckDB
          </p>
          <CopyButton value={query} label="Copy query" />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be focusable to scroll by keyboard */}
        <pre tabIndex={0} className="max-h-80 overflow-auto p-3 font-mono text-sm whitespace-pre-wrap break-words">
          {query}
        </pre>
        {note ? <p className="border-t border-border px-3 py-1.5 text-sm text-tertiary">{note}</p> : null}
      </PopoverContent>
    </Popover>
  );
}
