'use client';

import type { FaultBand } from '#components/chaos/fault-bands.ts';
import { BrushShades } from '#components/chaos/fault-shades.tsx';
import { TimeBrush } from '#components/charts/time-brush.tsx';
import type { TimeWindow } from '#components/traces/waterfall-model.ts';
import type { StoryLane } from './story-lanes.ts';
import { lineToken } from './story-look.ts';

const heightPx = 36;

/** The whole story at a glance, one hairline per lane; dragging picks the part that is drawn below. */
export function StoryBrush(props: {
  lanes: readonly StoryLane[];
  /** Faults of that time, behind the lanes. */
  bands: readonly FaultBand[];
  originMs: number;
  /** Milliseconds after the origin, as is `window`. */
  whole: TimeWindow;
  window: TimeWindow;
  colours: ReadonlyMap<string, number | null>;
  onWindow: (window: TimeWindow) => void;
}) {
  const { lanes, bands, originMs, whole, window, colours, onWindow } = props;
  const total = whole.toMs - whole.fromMs || 1;
  const step = (heightPx - 4) / Math.max(1, lanes.length);
  return (
    <TimeBrush
      label="The whole story"
      heightPx={heightPx}
      whole={whole}
      window={window}
      onWindow={onWindow}
      className="mt-1"
    >
      <BrushShades bands={bands} originMs={originMs} window={whole} heightPx={heightPx} />
      {lanes.flatMap((lane, index) =>
        lane.items.map(({ line }) => {
          const left = (line.atMs - originMs - whole.fromMs) / total;
          const right = ((line.endMs ?? originMs + whole.toMs) - originMs - whole.fromMs) / total;
          return (
            <rect
              key={line.id}
              x={left}
              y={2 + index * step}
              width={Math.max(right - left, 0.002)}
              height={Math.max(0.75, step - 0.5)}
              fill={lineToken(line, colours.get(line.service) ?? null)}
            />
          );
        }),
      )}
    </TimeBrush>
  );
}
