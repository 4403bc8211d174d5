import { place, type TimeWindow } from '#components/traces/waterfall-model.ts';
import { covered, type FaultBand } from './fault-bands.ts';

type FaultShadesProps = {
  bands: readonly FaultBand[];
  /** Epoch milliseconds that `window` counts from. */
  originMs: number;
  /** What is drawn, milliseconds after the origin. */
  window: TimeWindow;
};

/** When faults were on, as tinted spans behind what lies on the same axis. */
export function FaultShades({ bands, originMs, window }: FaultShadesProps) {
  return covered(bands).map(({ fromMs, toMs }) => {
    const at = place(window, fromMs - originMs, toMs - originMs);
    return at === null ? null : (
      <span
        key={fromMs}
        data-slot="fault-shade"
        className="absolute inset-y-0 border-x border-dashed border-fault/50 bg-fault/8"
        style={{ left: `${at.left * 100}%`, width: `${at.width * 100}%` }}
      />
    );
  });
}

/** The same within a TimeBrush. */
export function BrushShades({ bands, originMs, window, heightPx }: FaultShadesProps & { heightPx: number }) {
  const total = window.toMs - window.fromMs || 1;
  return covered(bands).map(({ fromMs, toMs }) => (
    <rect
      key={fromMs}
      data-slot="fault-shade"
      x={(fromMs - originMs - window.fromMs) / total}
      y={0}
      width={Math.max((toMs - fromMs) / total, 0.002)}
      height={heightPx}
      fill="var(--fault)"
      fillOpacity={0.16}
    />
  ));
}
