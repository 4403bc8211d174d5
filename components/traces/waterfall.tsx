'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type Ref, useCallback, useEffect, useId, useMemo, useRef } from 'react';
import type { FaultBand } from '#components/chaos/fault-bands.ts';
import { FaultShades } from '#components/chaos/fault-shades.tsx';
import { useSmallScreen } from '#components/hooks/use-media-query.ts';
import { useStored } from '#components/hooks/use-stored.ts';
import { cn } from '#components/ui/cn.ts';
import type { CriticalSegment } from './critical-path.ts';
import { Minimap } from './minimap.tsx';
import { Ruler, RulerLines } from './ruler.tsx';
import type { Colours } from './service-chips.tsx';
import type { TraceTree } from './trace-tree.ts';
import { pressKey, toggle, type WaterfallState } from './waterfall-keys.ts';
import type { TimeWindow, WaterfallRows } from './waterfall-model.ts';
import { WaterfallRowView } from './waterfall-row.tsx';

export type WaterfallProps = {
  tree: TraceTree;
  /** Faults that were on during the trace. */
  bands: readonly FaultBand[];
  /** Epoch milliseconds at which the trace began. */
  originMs: number;
  rows: WaterfallRows;
  state: WaterfallState;
  onState: (state: WaterfallState) => void;
  window: TimeWindow;
  onWindow: (window: TimeWindow) => void;
  /** A factor below 1 shows less. */
  onZoom: (factor: number) => void;
  critical: readonly CriticalSegment[];
  emphasis: 'bars' | 'path';
  colours: Colours;
  label: string;
  ref?: Ref<HTMLDivElement>;
};

const rowPx = 24;
const narrowRowPx = 40;
const zoomKeys: ReadonlyMap<string, number> = new Map([
  ['+', 0.5],
  ['=', 0.5],
  ['-', 2],
  ['0', 1e9],
]);
const none: readonly CriticalSegment[] = [];

/** Minimap, ruler and rows. The rows are one treegrid that holds the focus; only those in sight are in the page. */
export function Waterfall(props: WaterfallProps) {
  const { tree, bands, originMs, rows, state, onState, window, onWindow, onZoom } = props;
  const { critical, emphasis, colours, label } = props;
  const id = useId();
  const narrow = useSmallScreen();
  const scroller = useRef<HTMLDivElement>(null);
  const [stored, store] = useStored('waterfall.names', '420');
  const names = clamp(Number(stored));
  const height = narrow ? narrowRowPx : rowPx;
  const virtual = useVirtualizer({
    count: rows.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 16,
    // A first paint before the element is measured.
    initialRect: { width: 800, height: 600 },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows change their height with the width of the window
  useEffect(() => virtual.measure(), [virtual, height]);
  const selectedIndex = state.selected === null ? -1 : (rows.indexOf.get(state.selected) ?? -1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the selection, not the growth of the list above it
  useEffect(() => {
    if (selectedIndex >= 0) virtual.scrollToIndex(selectedIndex, { align: 'auto' });
  }, [virtual, state.selected]);
  const byNode = useMemo(() => {
    const found = new Map<string, CriticalSegment[]>();
    for (const segment of critical) found.set(segment.node.id, [...(found.get(segment.node.id) ?? []), segment]);
    return found;
  }, [critical]);

  // Rows are memoised: their callbacks must not change with every key.
  const latest = useRef({ state, onState });
  useEffect(() => {
    latest.current = { state, onState };
  });
  const select = useCallback((row: string) => {
    const { state: now, onState: put } = latest.current;
    put({ ...now, selected: row, open: true });
  }, []);
  const flip = useCallback((row: string) => {
    const { state: now, onState: put } = latest.current;
    put(toggle(now, row));
  }, []);
  const rowId = (index: number) => `${id}-row-${index}`;
  const most = narrow ? 4 : 8;

  return (
    <div
      className="flex min-h-0 min-w-0 flex-1 flex-col"
      style={{ '--names': `min(${names}px, 50%)` } as CSSProperties}
    >
      <div className="grid shrink-0 overflow-hidden border-b border-border [scrollbar-gutter:stable] max-md:px-2 md:grid-cols-[var(--names)_minmax(0,1fr)]">
        <div className="relative border-r border-border max-md:hidden">
          <NamesWidth width={names} onWidth={(next) => store(String(clamp(next)))} />
          <span className="absolute bottom-0.5 left-3 text-xs text-tertiary">Service and operation</span>
        </div>
        <div className="min-w-0 md:mr-4">
          <Minimap
            tree={tree}
            bands={bands}
            originMs={originMs}
            colours={colours}
            window={window}
            onWindow={onWindow}
          />
          <Ruler window={window} most={most} />
        </div>
      </div>
      <div className="relative flex min-h-0 flex-1 flex-col">
        <div
          aria-hidden
          className="pointer-events-none absolute inset-0 overflow-hidden [scrollbar-gutter:stable] max-md:px-2"
        >
          <div className="relative h-full md:mr-4 md:ml-(--names)">
            <RulerLines window={window} most={most} />
            <FaultShades bands={bands} originMs={originMs} window={window} />
          </div>
        </div>
        <div
          ref={(element) => {
            scroller.current = element;
            if (typeof props.ref === 'function') props.ref(element);
            else if (props.ref) props.ref.current = element;
          }}
          role="treegrid"
          aria-label={label}
          aria-rowcount={rows.rows.length}
          aria-activedescendant={selectedIndex >= 0 ? rowId(selectedIndex) : undefined}
          tabIndex={0}
          className={cn(
            'group/grid relative min-h-0 flex-1 overflow-x-hidden overflow-y-auto [scrollbar-gutter:stable]',
            // The ring is around the current row; around all of them while there is none.
            selectedIndex >= 0 ? 'outline-none' : '-outline-offset-2',
          )}
          onKeyDown={(event) => {
            // j and k come from the registry of commands; a modifier is the browser's.
            if (event.metaKey || event.ctrlKey || event.altKey || event.key === 'j' || event.key === 'k') return;
            const factor = zoomKeys.get(event.key);
            const next = pressKey(state, rows, event.key);
            if (factor === undefined && next === state) return;
            event.preventDefault();
            event.stopPropagation();
            if (factor === undefined) onState(next);
            else onZoom(factor);
          }}
        >
          <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ index, start }) => {
              const row = rows.rows[index];
              return row ? (
                <WaterfallRowView
                  key={row.id}
                  row={row}
                  index={index}
                  id={rowId(index)}
                  colours={colours}
                  window={window}
                  critical={byNode.get(row.id) ?? none}
                  emphasis={emphasis}
                  selected={row.id === state.selected}
                  narrow={narrow}
                  offsetPx={start}
                  heightPx={height}
                  onSelect={select}
                  onToggle={flip}
                />
              ) : null;
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

const minimum = 200;
const maximum = 800;

function NamesWidth({ width, onWidth }: { width: number; onWidth: (width: number) => void }) {
  const start = useRef({ x: 0, width });
  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr cannot be dragged or focused
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the names"
      aria-valuemin={minimum}
      aria-valuemax={maximum}
      aria-valuenow={width}
      tabIndex={0}
      className="absolute inset-y-0 -right-1 z-10 w-2 cursor-col-resize touch-none hover:bg-accent/30"
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') onWidth(width - 16);
        else if (event.key === 'ArrowRight') onWidth(width + 16);
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width };
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId))
          onWidth(start.current.width + event.clientX - start.current.x);
      }}
    />
  );
}

function clamp(width: number): number {
  return Number.isFinite(width) ? Math.min(maximum, Math.max(minimum, width)) : 420;
}
