'use client';

import { useRef, useState } from 'react';
import { minimapBars } from './minimap-bars.ts';
import type { Colours } from './service-chips.tsx';
import { serviceColour } from './service-colour.ts';
import type { TraceTree } from './trace-tree.ts';
import type { TimeWindow } from './waterfall-model.ts';

const heightPx = 44;

/**
 * The whole trace at a glance. Dragging picks the part that is drawn below; a double click shows all again. The buttons
 * beside it do the same for the keyboard.
 */
export function Minimap(props: {
  tree: TraceTree;
  colours: Colours;
  window: TimeWindow;
  onWindow: (window: TimeWindow) => void;
}) {
  const { tree, colours, window, onWindow } = props;
  const area = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<TimeWindow | null>(null);
  const bars = minimapBars(tree, 22);
  const total = tree.durationMs || 1;
  const timeAt = (clientX: number) => {
    const box = area.current?.getBoundingClientRect();
    return box ? Math.min(1, Math.max(0, (clientX - box.left) / box.width)) * total : 0;
  };
  const shown = drag ? { fromMs: Math.min(drag.fromMs, drag.toMs), toMs: Math.max(drag.fromMs, drag.toMs) } : window;
  const share = (ms: number) => `${((ms / total) * 100).toFixed(3)}%`;
  const whole = shown.fromMs <= 0 && shown.toMs >= tree.durationMs;
  return (
    <div
      ref={area}
      role="img"
      aria-label={`Whole trace, ${tree.spanCount} spans`}
      className="relative cursor-crosshair touch-none overflow-hidden select-none"
      style={{ height: heightPx }}
      onDoubleClick={() => onWindow({ fromMs: 0, toMs: tree.durationMs })}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ fromMs: timeAt(event.clientX), toMs: timeAt(event.clientX) });
      }}
      onPointerMove={(event) => drag && setDrag({ ...drag, toMs: timeAt(event.clientX) })}
      onPointerUp={() => {
        // A click is no selection.
        if (drag && Math.abs(drag.toMs - drag.fromMs) > total / 200) onWindow(shown);
        setDrag(null);
      }}
      onPointerCancel={() => setDrag(null)}
    >
      <svg aria-hidden className="absolute inset-0 size-full" preserveAspectRatio="none" viewBox={`0 0 1 ${heightPx}`}>
        {bars.map(({ line, left, width, service, failed }, index) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
            key={index}
            x={left}
            y={2 + line * ((heightPx - 4) / 22)}
            width={Math.max(width, 0.0015)}
            height={1.25}
            fill={failed ? 'var(--error)' : serviceColour(colours.get(service))}
          />
        ))}
      </svg>
      {whole ? null : (
        <>
          <span className="absolute inset-y-0 left-0 bg-canvas/75" style={{ width: share(shown.fromMs) }} />
          <span
            className="absolute inset-y-0 border-x border-accent"
            style={{ left: share(shown.fromMs), width: share(shown.toMs - shown.fromMs) }}
          />
          <span className="absolute inset-y-0 right-0 bg-canvas/75" style={{ left: share(shown.toMs) }} />
        </>
      )}
    </div>
  );
}
