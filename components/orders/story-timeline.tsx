'use client';

import { type KeyboardEvent, type PointerEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { FaultBand } from '#components/chaos/fault-bands.ts';
import { FaultShades } from '#components/chaos/fault-shades.tsx';
import { useViewCommand } from '#components/shell/view-commands.tsx';
import { Ruler, RulerLines } from '#components/traces/ruler.tsx';
import type { TimeWindow } from '#components/traces/waterfall-model.ts';
import { FaultLane } from './fault-lane.tsx';
import type { StoryLine } from './story.ts';
import { panned, revealing, zoomed } from './story-axis.ts';
import { StoryBrush } from './story-brush.tsx';
import { LaneRow, optionId } from './story-lane.tsx';
import { storyLanes } from './story-lanes.ts';
import { kindNames } from './story-look.ts';

export type StoryTimelineProps = {
  lines: readonly StoryLine[];
  /** Faults that were on during the story. */
  bands: readonly FaultBand[];
  /** Epoch milliseconds that times count from: when the order was placed. */
  originMs: number;
  /** The whole story, epoch milliseconds. */
  range: TimeWindow;
  /** Part that is drawn, milliseconds after the origin; null for all of it. */
  window: TimeWindow | null;
  onWindow: (window: TimeWindow | null) => void;
  colours: ReadonlyMap<string, number | null>;
  selected: string | null;
  onSelect: (id: string) => void;
};

/**
 * Everything about an order on one time axis: a lane per topic, outbox, inbox, process. It is one list for the keyboard:
 * arrows, or j and k, walk it in the order of time, Enter opens; + and − zoom, 0 shows all again.
 */
export function StoryTimeline(props: StoryTimelineProps) {
  const { lines, bands, originMs, range, onWindow, colours, selected, onSelect } = props;
  const list = useRef<HTMLDivElement>(null);
  const cursor = useRef<HTMLSpanElement>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const lanes = useMemo(() => storyLanes(lines), [lines]);
  // One object while nothing changes, so that lanes need not be drawn anew.
  const whole = useMemo(
    () => ({ fromMs: range.fromMs - originMs, toMs: range.toMs - originMs }),
    [range.fromMs, range.toMs, originMs],
  );
  const window = props.window ?? whole;
  const active = selected ?? current ?? lines[0]?.id ?? null;

  const show = (next: TimeWindow) => {
    const all = next.fromMs <= whole.fromMs + 1e-6 && next.toMs >= whole.toMs - 1e-6;
    onWindow(all ? null : next);
  };
  const moveTo = (line: StoryLine | undefined) => {
    if (!line) return;
    setCurrent(line.id);
    const shown = revealing(window, line.atMs - originMs, (line.endMs ?? range.toMs) - originMs, whole);
    if (shown !== window) show(shown);
    // An open panel follows.
    if (selected !== null) onSelect(line.id);
    list.current?.focus({ preventScroll: true });
    document.getElementById(optionId(line.id))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  const move = (by: number) => {
    const at = lines.findIndex(({ id }) => id === active);
    const begun = current !== null || selected !== null;
    moveTo(lines[begun ? Math.min(lines.length - 1, Math.max(0, at + by)) : by > 0 ? 0 : lines.length - 1]);
  };
  const zoom = (factor: number) => {
    const line = lines.find(({ id }) => id === active);
    const inside = line && line.atMs - originMs >= window.fromMs && line.atMs - originMs <= window.toMs;
    const around = inside ? line.atMs - originMs : (window.fromMs + window.toMs) / 2;
    show(zoomed(window, factor, around, whole));
  };
  const open = useCallback(
    (id: string) => {
      setCurrent(id);
      onSelect(id);
    },
    [onSelect],
  );
  useViewCommand('next', () => move(1));
  useViewCommand('previous', () => move(-1));
  useViewCommand('earlier', props.window ? () => show(panned(window, -0.5, whole)) : null);
  useViewCommand('later', props.window ? () => show(panned(window, 0.5, whole)) : null);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const keys = new Map<string, () => void>([
      ['ArrowRight', () => move(1)],
      ['ArrowDown', () => move(1)],
      ['ArrowLeft', () => move(-1)],
      ['ArrowUp', () => move(-1)],
      ['Home', () => moveTo(lines[0])],
      ['End', () => moveTo(lines.at(-1))],
      ['Enter', () => active !== null && onSelect(active)],
      [' ', () => active !== null && onSelect(active)],
      ['+', () => zoom(0.5)],
      ['=', () => zoom(0.5)],
      ['-', () => zoom(2)],
      ['0', () => onWindow(null)],
    ]);
    const run = keys.get(event.key);
    if (!run) return;
    event.preventDefault();
    run();
  };
  const followPointer = (event: PointerEvent<HTMLDivElement>) => {
    const line = cursor.current;
    const box = line?.parentElement?.getBoundingClientRect();
    if (!line || !box || box.width === 0) return;
    const share = (event.clientX - box.left) / box.width;
    line.style.display = share < 0 || share > 1 ? 'none' : '';
    line.style.left = `${share * 100}%`;
  };
  let shownKind: string | null = null;
  return (
    <div className="flex min-w-0 flex-col">
      <div className="grid grid-cols-[var(--lane-title)_minmax(0,1fr)] max-md:grid-cols-1 border-b border-border [--lane-title:9.5rem] max-md:[--lane-title:0rem]">
        <span className="px-4 py-2 text-sm text-tertiary max-md:hidden">Drag to zoom</span>
        <div className="pr-4 max-md:px-2">
          <StoryBrush
            lanes={lanes}
            bands={bands}
            originMs={originMs}
            whole={whole}
            window={window}
            colours={colours}
            onWindow={show}
          />
          <Ruler window={window} most={8} />
        </div>
      </div>
      <div className="relative [--lane-title:9.5rem] max-md:[--lane-title:0rem]" onPointerMove={followPointer}>
        <div
          aria-hidden
          className="pointer-events-none absolute inset-y-0 right-4 left-(--lane-title) max-md:right-2 max-md:left-2"
        >
          <RulerLines window={window} most={8} />
          <FaultShades bands={bands} originMs={originMs} window={window} />
          <span ref={cursor} style={{ display: 'none' }} className="absolute inset-y-0 z-10 w-px bg-border-strong" />
        </div>
        <FaultLane bands={bands} originMs={originMs} window={window} />
        <div
          ref={list}
          role="listbox"
          data-view-list
          tabIndex={0}
          aria-label="Everything on one time axis"
          aria-activedescendant={active === null ? undefined : optionId(active)}
          className="group/list relative py-1 focus-visible:outline-offset-[-2px]"
          onKeyDown={onKeyDown}
        >
          {lanes.map((lane) => {
            const heading = lane.kind === shownKind ? null : kindNames[lane.kind].lanes;
            shownKind = lane.kind;
            return (
              <LaneRow
                key={lane.id}
                lane={lane}
                heading={heading}
                originMs={originMs}
                window={window}
                colours={colours}
                active={active}
                selected={selected}
                onSelect={open}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
