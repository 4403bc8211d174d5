'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useId, useRef, useState } from 'react';
import { count } from '#components/format/number.ts';
import { useViewCommand } from '#components/shell/view-commands.tsx';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import type { LogRecord } from '#contracts/telemetry/query.ts';
import { LogRow, rowColumns, rowHeight } from './log-row.tsx';
import { indexOfSequence, sequenceOf } from './log-window.ts';
import { useTailScroll } from './use-tail-scroll.ts';

export type LogListProps = {
  /** Ascending: the newest is last. */
  rows: readonly LogRecord[];
  colours: ReadonlyMap<string, number | null>;
  /** Row whose panel is open. */
  selected: string | null;
  onSelect: (id: string) => void;
  older: { available: boolean; loading: boolean; error: string | null };
  onOlder: () => void;
  /** False while the reader is somewhere else than at the end. */
  onFollowing: (following: boolean) => void;
};

const headerHeight = 24;
/** The strip above the first row says whether there is more. */
const lead = headerHeight + rowHeight;
const nearTop = 40 * rowHeight;

/** A live log: newest at the end, which it follows while it is there; older pages come in when scrolled up. */
export function LogList(props: LogListProps) {
  const { rows, colours, selected, onSelect, older, onOlder, onFollowing } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [marked, setMarked] = useState<string | null>(null);
  // Before the tail: on mount it scrolls to its initial offset, the top.
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
    scrollMargin: lead,
    scrollPaddingStart: headerHeight,
    useFlushSync: false,
  });
  const { following, unseen, onScroll, follow, hold } = useTailScroll(scroller, rows, { rowHeight, lead });
  useEffect(() => onFollowing(following), [onFollowing, following]);

  const askOlder = useCallback(() => {
    const element = scroller.current;
    if (element && older.available && !older.loading && !older.error && element.scrollTop < nearTop) onOlder();
  }, [older.available, older.loading, older.error, onOlder]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that leaves the top in sight asks for the next
  useEffect(askOlder, [askOlder, rows.length]);

  const current = selected ?? marked;
  const move = (to: (index: number) => number) => {
    const at = current === null ? rows.length : indexOfSequence(rows, sequenceOf({ id: current }));
    const index = Math.max(0, Math.min(rows.length - 1, to(at)));
    const row = rows[index];
    if (!row) return;
    scroller.current?.focus({ preventScroll: true });
    if (index < rows.length - 1) hold();
    setMarked(row.id);
    if (selected !== null) onSelect(row.id);
    virtual.scrollToIndex(index, { align: 'auto' });
  };
  useViewCommand('next', () => move((index) => index + 1));
  useViewCommand('previous', () => move((index) => index - 1));
  const open = useCallback(
    (row: string) => {
      setMarked(row);
      hold();
      onSelect(row);
    },
    [hold, onSelect],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== scroller.current || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === 'ArrowDown') move((index) => index + 1);
    else if (event.key === 'ArrowUp') move((index) => index - 1);
    else if (event.key === 'Home') move(() => 0);
    else if (event.key === 'End') {
      move(() => rows.length - 1);
      follow();
    } else if (event.key === 'Enter' && current !== null) open(current);
    else return;
    event.preventDefault();
  };

  const items = virtual.getVirtualItems();
  const rowId = (row: string) => `${id}-row-${row}`;
  const activeIsHere = current !== null && items.some(({ index }) => rows[index]?.id === current);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {/* biome-ignore lint/a11y/useSemanticElements: a virtual list of 22 px rows cannot be a table */}
      <div
        ref={scroller}
        role="grid"
        aria-label="Log lines, newest last"
        aria-rowcount={rows.length + 1}
        aria-colcount={5}
        aria-readonly
        aria-activedescendant={activeIsHere && current ? rowId(current) : undefined}
        tabIndex={0}
        data-following={following}
        className="relative min-h-0 flex-1 overflow-x-hidden overflow-y-auto bg-surface [overflow-anchor:none] focus-visible:-outline-offset-2"
        onScroll={() => {
          onScroll();
          askOlder();
        }}
        onKeyDown={onKeyDown}
      >
        <Header />
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        <div role="rowgroup" className="relative" style={{ height: (rows.length + 1) * rowHeight }}>
          <Beginning older={older} onRetry={onOlder} />
          {items.map(({ index, key }) => {
            const log = rows[index];
            if (!log) return null;
            return (
              <LogRow
                key={key}
                log={log}
                colour={colours.get(log.service) ?? null}
                id={rowId(log.id)}
                index={index + 2}
                top={(index + 1) * rowHeight}
                state={log.id === selected ? 'selected' : log.id === marked && selected === null ? 'marked' : null}
                onOpen={open}
              />
            );
          })}
        </div>
      </div>
      {following ? null : (
        <Button
          className="absolute right-4 bottom-3 tabular-nums shadow-float"
          aria-label={unseen > 0 ? `${unseen} new lines, go to the end` : 'Go to the end'}
          onClick={() => {
            setMarked(null);
            follow();
          }}
        >
          {unseen > 0 ? `${count(unseen)} new` : 'To the end'}
          <ArrowDown aria-hidden />
        </Button>
      )}
    </div>
  );
}

const titles = ['Time', 'Severity', 'Service', 'Message', 'Trace'];

function Header() {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the list
    <div role="rowgroup" className="sticky top-0 z-10">
      {/* biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: see the list */}
      <div
        role="row"
        aria-rowindex={1}
        style={{ height: headerHeight }}
        className={cn(rowColumns, 'border-b border-border bg-surface text-sm font-medium text-tertiary')}
      >
        {titles.map((title, index) => (
          // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: see the list
          <div key={title} role="columnheader" className={cn('truncate', index === 4 && 'text-right max-md:hidden')}>
            {title}
          </div>
        ))}
      </div>
    </div>
  );
}

/** The strip above the first row: what there is before it. */
function Beginning({ older, onRetry }: { older: LogListProps['older']; onRetry: () => void }) {
  const text = older.error
    ? `Earlier lines cannot be read: ${older.error}`
    : older.loading
      ? 'Loading earlier lines…'
      : older.available
        ? 'Scroll up for earlier lines'
        : 'Nothing earlier in this range';
  return (
    // biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: see the list
    <div role="row" className="px-4 text-sm text-tertiary max-md:px-2" style={{ height: rowHeight }}>
      {/* biome-ignore lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: see the list */}
      <div role="gridcell" aria-colspan={5} className="flex h-full items-center justify-center gap-2">
        {text}
        {older.error ? (
          <Button size="sm" variant="ghost" onClick={onRetry}>
            Try again
          </Button>
        ) : null}
      </div>
    </div>
  );
}
