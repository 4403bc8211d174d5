'use client';

import { bandsText } from '#components/chaos/band-text.ts';
import type { FaultBand } from '#components/chaos/fault-bands.ts';
import { BrushShades } from '#components/chaos/fault-shades.tsx';
import { TimeBrush } from '#components/charts/time-brush.tsx';
import { minimapBars } from './minimap-bars.ts';
import type { Colours } from './service-chips.tsx';
import { serviceColour } from './service-colour.ts';
import type { TraceTree } from './trace-tree.ts';
import type { TimeWindow } from './waterfall-model.ts';

const heightPx = 44;
const lines = 22;

/** The whole trace at a glance; dragging picks the part that is drawn below. */
export function Minimap(props: {
  tree: TraceTree;
  /** Faults of that time, behind the bars. */
  bands: readonly FaultBand[];
  /** Epoch milliseconds at which the trace began. */
  originMs: number;
  colours: Colours;
  window: TimeWindow;
  onWindow: (window: TimeWindow) => void;
}) {
  const { tree, bands, originMs, colours, window, onWindow } = props;
  const whole = { fromMs: 0, toMs: tree.durationMs };
  return (
    <TimeBrush
      label={`Whole trace, ${tree.spanCount} spans. ${bandsText(bands, originMs)}`.trim()}
      heightPx={heightPx}
      whole={whole}
      window={window}
      onWindow={onWindow}
    >
      <BrushShades bands={bands} originMs={originMs} window={whole} heightPx={heightPx} />
      {minimapBars(tree, lines).map(({ line, left, width, service, failed }, index) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
          key={index}
          x={left}
          y={2 + line * ((heightPx - 4) / lines)}
          width={Math.max(width, 0.0015)}
          height={1.25}
          fill={failed ? 'var(--error)' : serviceColour(colours.get(service))}
        />
      ))}
    </TimeBrush>
  );
}
