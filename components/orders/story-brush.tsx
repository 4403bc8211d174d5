'use client';

import { useRef, useState } from 'react';
import type { TimeWindow } from '#components/traces/waterfall-model.ts';
import type { StoryLane } from './story-lanes.ts';
import { lineToken } from './story-look.ts';

const heightPx = 36;

/**
 * The whole story at a glance, one hairline per lane. Dragging picks the part that is drawn below, a double click shows
 * all again; the buttons of the panel do the same for the keyboard.
 */
export function StoryBrush(props: {
  lanes: readonly StoryLane[];
  originMs: number;
  /** Milliseconds after the origin, as is `window`. */
  whole: TimeWindow;
  window: TimeWindow;
  colours: ReadonlyMap<string, number | null>;
  onWindow: (window: TimeWindow) => void;
}) {
  const { lanes, originMs, whole, window, colours, onWindow } = props;
  const area = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<TimeWindow | null>(null);
  const total = whole.toMs - whole.fromMs || 1;
  const timeAt = (clientX: number) => {
    const box = area.current?.getBoundingClientRect();
    return whole.fromMs + (box ? Math.min(1, Math.max(0, (clientX - box.left) / box.width)) * total : 0);
  };
  const shown = drag ? { fromMs: Math.min(drag.fromMs, drag.toMs), toMs: Math.max(drag.fromMs, drag.toMs) } : window;
  const share = (ms: number) => `${(((ms - whole.fromMs) / total) * 100).toFixed(3)}%`;
  const all = shown.fromMs <= whole.fromMs && shown.toMs >= whole.toMs;
  const step = (heightPx - 4) / Math.max(1, lanes.length);
  return (
    <div
      ref={area}
      role="img"
      aria-label="The whole story"
      className="relative mt-1 cursor-crosshair touch-none overflow-hidden select-none"
      style={{ height: heightPx }}
      onDoubleClick={() => onWindow(whole)}
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
      </svg>
      {all ? null : (
        <>
          <span className="absolute inset-y-0 left-0 bg-canvas/75" style={{ width: share(shown.fromMs) }} />
          <span
            className="absolute inset-y-0 border-x border-accent"
            style={{ left: share(shown.fromMs), width: `${((shown.toMs - shown.fromMs) / total) * 100}%` }}
          />
          <span className="absolute inset-y-0 right-0 bg-canvas/75" style={{ left: share(shown.toMs) }} />
        </>
      )}
    </div>
  );
}
