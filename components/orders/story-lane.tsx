import { memo } from 'react';
import { durationText } from '#components/format/duration.ts';
import { place, type TimeWindow } from '#components/traces/waterfall-model.ts';
import { cn } from '#components/ui/cn.ts';
import { ServiceName } from '#components/ui/service-name.tsx';
import { offsetText } from './offset-text.ts';
import type { StoryLine } from './story.ts';
import type { StoryLane } from './story-lanes.ts';
import { kindNames, lineNote, lineToken } from './story-look.ts';

const rowPx = 18;
const barPx = 16;

/** DOM id of a line in the lanes. */
export function optionId(line: string): string {
  return `story-${line}`;
}

type LaneRowProps = {
  lane: StoryLane;
  /** Said once above the first lane of a kind. */
  heading: string | null;
  originMs: number;
  window: TimeWindow;
  colours: ReadonlyMap<string, number | null>;
  active: string | null;
  selected: string | null;
  onSelect: (id: string) => void;
};

/** One lane: its name at the left, its lines where they lie in time. */
export const LaneRow = memo(function LaneRow(props: LaneRowProps) {
  const { lane, heading, originMs, window, colours, active, selected, onSelect } = props;
  const colour = lane.service === null ? null : (colours.get(lane.service) ?? null);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of options within a listbox is no fieldset
    <div role="group" aria-label={`${kindNames[lane.kind].many}: ${lane.title}`} data-lane={lane.id}>
      {heading ? (
        <div
          aria-hidden
          className="mt-1 border-t border-border px-4 pt-1.5 text-xs text-tertiary first:mt-0 max-md:px-2 in-first:border-t-0"
        >
          {heading}
        </div>
      ) : null}
      <div className="grid grid-cols-[var(--lane-title)_minmax(0,1fr)] py-px hover:bg-raised/50 max-md:grid-cols-1">
        <span aria-hidden className="flex min-w-0 items-start pt-px pr-2 pl-4 text-sm text-secondary max-md:pl-2">
          {lane.service === null ? (
            <span
              className={cn('truncate', lane.kind === 'message' && 'font-mono text-xs leading-4')}
              title={lane.title}
            >
              {lane.title}
            </span>
          ) : (
            <ServiceName name={lane.title} colour={colour} className="leading-4" />
          )}
        </span>
        <div className="pr-4 max-md:px-2">
          <div className="relative overflow-hidden" style={{ height: lane.rows * rowPx }}>
            {lane.items.map(({ line, row }) => (
              <Bar
                key={line.id}
                line={line}
                row={row}
                originMs={originMs}
                window={window}
                colour={colours.get(line.service) ?? null}
                active={line.id === active}
                selected={line.id === selected}
                onSelect={onSelect}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
});

type BarProps = {
  line: StoryLine;
  row: number;
  originMs: number;
  window: TimeWindow;
  colour: number | null;
  active: boolean;
  selected: boolean;
  onSelect: (id: string) => void;
};

const Bar = memo(function Bar({ line, row, originMs, window, colour, active, selected, onSelect }: BarProps) {
  const atMs = line.atMs - originMs;
  const toMs = line.endMs === null ? Math.max(window.toMs, atMs) : line.endMs - originMs;
  const placed = place(window, atMs, toMs);
  const instant = line.kind === 'log';
  const name = [kindNames[line.kind].one, line.text, lineNote(line), line.service, `at ${offsetText(atMs)} s`]
    .filter(Boolean)
    .join(', ');
  const length = line.endMs === null ? 'still going on' : instant ? null : durationText(line.endMs - line.atMs);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles the keys of its options
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and names the active option
    <div
      id={optionId(line.id)}
      role="option"
      aria-selected={selected}
      aria-label={length ? `${name}, ${length}` : name}
      title={length ? `${line.text} · ${length}` : line.text}
      data-kind={line.kind}
      // A line outside of the window keeps its place in the list, not on the screen.
      hidden={placed === null && !active}
      onClick={() => onSelect(line.id)}
      className={cn(
        'absolute cursor-default overflow-hidden text-xs whitespace-nowrap text-foreground',
        instant
          ? 'size-2.5 -translate-x-1/2 rounded-full'
          : '@container min-w-[3px] rounded-[3px] border px-1 leading-[14px]',
        line.kind === 'span' && line.span.attributes['db.system.name'] !== undefined && 'border-dashed',
        line.endMs === null && 'rounded-r-none border-r-0',
        'bg-[color-mix(in_oklch,var(--bar)_22%,var(--surface))] hover:bg-[color-mix(in_oklch,var(--bar)_40%,var(--surface))]',
        instant && 'bg-(--bar) hover:bg-(--bar)',
        selected && 'z-10 outline-2 outline-accent',
        active && 'z-10 group-focus-visible/list:outline-2 group-focus-visible/list:outline-accent',
      )}
      style={
        {
          '--bar': lineToken(line, colour),
          borderColor: 'var(--bar)',
          left: `${(placed?.left ?? 0) * 100}%`,
          width: instant ? undefined : `${(placed?.width ?? 0) * 100}%`,
          top: row * rowPx + (instant ? 3 : 1),
          height: instant ? undefined : barPx,
        } as React.CSSProperties
      }
    >
      {instant ? null : <span className="@max-[32px]:hidden">{line.text}</span>}
    </div>
  );
});
