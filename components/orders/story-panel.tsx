'use client';

import { Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { useMemo, useRef } from 'react';
import { bandsText } from '#components/chaos/band-text.ts';
import { faultBands } from '#components/chaos/fault-bands.ts';
import { useNow } from '#components/hooks/use-now.ts';
import { useListKeys } from '#components/shell/use-list-keys.ts';
import type { TimeWindow } from '#components/traces/waterfall-model.ts';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import type { TimelineEntry } from '#contracts/http/history.ts';
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import { filterStory, type StoryFilter, type StoryLine } from './story.ts';
import { zoomed } from './story-axis.ts';
import { StoryFilters } from './story-filters.tsx';
import { storyRange } from './story-lanes.ts';
import { StoryTable } from './story-table.tsx';
import { StoryTimeline } from './story-timeline.tsx';

export type StoryView = 'lanes' | 'table';

export type StoryPanelProps = {
  lines: readonly StoryLine[];
  events: ReadonlyMap<string, TimelineEntry>;
  /** Faults that are on and those that were. */
  faults: readonly FaultRun[];
  originMs: number;
  /** The order has ended: the axis no longer grows with the clock. */
  ended: boolean;
  filter: StoryFilter;
  onFilter: (filter: StoryFilter) => void;
  view: StoryView;
  window: TimeWindow | null;
  onWindow: (window: TimeWindow | null) => void;
  colours: ReadonlyMap<string, number | null>;
  selected: string | null;
  onSelect: (id: string) => void;
};

/** The story with its filters: as lanes on one time axis, or as a table of the same. */
export function StoryPanel(props: StoryPanelProps) {
  const { lines, originMs, filter, onFilter, view, window, onWindow } = props;
  const shown = useMemo(() => filterStory(lines, filter), [lines, filter]);
  const now = useNow(1000);
  const range = storyRange(lines, props.ended ? null : now);
  const bands = faultBands(props.faults, range);
  const whole = { fromMs: range.fromMs - originMs, toMs: range.toMs - originMs };
  const zoom = (factor: number) => {
    const from = window ?? whole;
    const next = zoomed(from, factor, (from.fromMs + from.toMs) / 2, whole);
    onWindow(next.toMs - next.fromMs >= whole.toMs - whole.fromMs ? null : next);
  };
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 border-b border-border px-4 py-2 max-md:px-2">
        <StoryFilters filter={filter} onChange={onFilter} lines={lines} />
        {view === 'lanes' ? (
          <div role="toolbar" aria-label="Time axis" className="ml-auto flex items-center gap-1">
            <Button variant="ghost" size="icon" aria-label="Zoom in" onClick={() => zoom(0.5)}>
              <ZoomIn aria-hidden />
            </Button>
            <Button
              variant="ghost"
              size="icon"
              aria-label="Zoom out"
              disabled={window === null}
              onClick={() => zoom(2)}
            >
              <ZoomOut aria-hidden />
            </Button>
            <Button
              variant="ghost"
              size="icon"
              aria-label="Show the whole story"
              disabled={window === null}
              onClick={() => onWindow(null)}
            >
              <Maximize2 aria-hidden />
            </Button>
          </div>
        ) : null}
      </div>
      {lines.length === 0 ? (
        <SkeletonRows rows={8} label="Waiting for the first event" />
      ) : shown.length === 0 ? (
        <EmptyState title="Nothing fits this filter">
          Press more of what can be shown, or choose any service.
        </EmptyState>
      ) : view === 'lanes' ? (
        <StoryTimeline {...props} lines={shown} bands={bands} range={range} />
      ) : (
        <>
          <p className="border-b border-border px-4 py-1.5 text-sm text-secondary max-md:px-2" data-slot="fault-note">
            {bandsText(bands, originMs) || 'No fault was on while it ran.'}
          </p>
          <WalkedTable {...props} lines={shown} />
        </>
      )}
    </>
  );
}

function WalkedTable({ lines, events, originMs, colours, selected, onSelect }: StoryPanelProps) {
  const list = useRef<HTMLDivElement>(null);
  useListKeys(list);
  return (
    <div ref={list}>
      <StoryTable
        lines={lines}
        events={events}
        fromMs={originMs}
        colours={colours}
        selected={selected}
        onSelect={onSelect}
      />
    </div>
  );
}

/** Lanes or table: the choice, for the panel's title row. */
export function StoryViewChoice({ view, onView }: { view: StoryView; onView: (view: StoryView) => void }) {
  return (
    <Segmented<StoryView>
      aria-label="Story as"
      value={view}
      onValueChange={onView}
      options={[
        { value: 'lanes', label: 'Lanes' },
        { value: 'table', label: 'Rows' },
      ]}
    />
  );
}
