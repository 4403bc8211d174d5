'use client';

import { ChevronDown, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { cn } from './cn.ts';
import { CopyButton } from './copy-button.tsx';
import { type JsonRow, jsonRows } from './json-rows.ts';

/**
 * A JSON value as a tree: arrows move and open, Enter toggles, `c` copies the value and `p` the path of the row. `label`
 * names it for assistive technology.
 */
export function JsonView({ value, label, className }: { value: unknown; label: string; className?: string }) {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState('$');
  const [copied, setCopied] = useState<string | null>(null);
  const tree = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => jsonRows(value, collapsed), [value, collapsed]);
  const focused = rows.some(({ path }) => path === current) ? current : '$';
  const toggle = (path: string) =>
    setCollapsed((before) => {
      const after = new Set(before);
      if (!after.delete(path)) after.add(path);
      return after;
    });
  const goTo = (row: JsonRow | undefined) => {
    if (!row) return;
    setCurrent(row.path);
    tree.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(row.path)}"]`)?.focus();
  };
  const copy = (text: string, what: string) => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(`${what} copied`),
      () => setCopied('Copying is not allowed here'),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const index = rows.findIndex(({ path }) => path === focused);
    const row = rows[index];
    if (!row || event.metaKey || event.ctrlKey || event.altKey) return;
    const parent = rows.slice(0, index).findLast(({ depth }) => depth === row.depth - 1);
    const keys = new Map<string, () => void>([
      ['ArrowDown', () => goTo(rows[index + 1])],
      ['ArrowUp', () => goTo(rows[index - 1])],
      ['ArrowRight', () => (row.size > 0 && !row.expanded ? toggle(row.path) : goTo(rows[index + 1]))],
      ['ArrowLeft', () => (row.expanded ? toggle(row.path) : goTo(parent))],
      ['Home', () => goTo(rows[0])],
      ['End', () => goTo(rows.at(-1))],
      ['Enter', () => row.size > 0 && toggle(row.path)],
      [' ', () => row.size > 0 && toggle(row.path)],
      ['c', () => copy(plain(row.value), 'Value')],
      ['p', () => copy(row.path, 'Path')],
    ]);
    const run = keys.get(event.key);
    if (!run) return;
    event.preventDefault();
    run();
  };
  return (
    <div data-slot="json" className={cn('relative', className)}>
      <div className="absolute top-0 right-0 z-10 flex items-center gap-1">
        <span role="status" className="text-xs text-tertiary">
          {copied}
        </span>
        <CopyButton value={JSON.stringify(value, null, 2)} label={`Copy ${label} as JSON`} />
      </div>
      <div
        ref={tree}
        role="tree"
        aria-label={label}
        className="overflow-x-auto font-mono text-sm"
        onKeyDown={onKeyDown}
      >
        {rows.map((row) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of its items
          <div
            key={row.path}
            role="treeitem"
            aria-level={row.depth + 1}
            aria-expanded={row.size > 0 ? row.expanded : undefined}
            aria-selected={row.path === focused}
            data-path={row.path}
            tabIndex={row.path === focused ? 0 : -1}
            style={{ paddingInlineStart: row.depth * 14 }}
            className="flex min-h-5 items-start gap-1 rounded-sm leading-5 whitespace-pre hover:bg-raised"
            onClick={() => {
              setCurrent(row.path);
              if (row.size > 0) toggle(row.path);
            }}
          >
            <span className="flex h-5 w-3.5 shrink-0 items-center text-tertiary">
              {row.size === 0 ? null : row.expanded ? (
                <ChevronDown className="size-3.5" aria-hidden />
              ) : (
                <ChevronRight className="size-3.5" aria-hidden />
              )}
            </span>
            {row.key === null ? null : (
              <span className="text-secondary">
                {row.key}
                <span className="text-tertiary">:</span>
              </span>
            )}
            <Value row={row} />
          </div>
        ))}
      </div>
    </div>
  );
}

const colours = {
  string: 'text-foreground',
  number: 'text-info',
  boolean: 'text-warn',
  null: 'text-tertiary',
} as const;

function Value({ row }: { row: JsonRow }) {
  if (row.kind === 'object' || row.kind === 'array') {
    const [open, close] = row.kind === 'object' ? ['{', '}'] : ['[', ']'];
    if (row.expanded) return <span className="text-tertiary">{open}</span>;
    return <span className="text-tertiary">{row.size === 0 ? `${open}${close}` : `${open} ${row.size} ${close}`}</span>;
  }
  const text = row.kind === 'string' ? JSON.stringify(String(row.value)) : String(row.value ?? 'null');
  return <span className={cn('break-all whitespace-pre-wrap', colours[row.kind])}>{text}</span>;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
