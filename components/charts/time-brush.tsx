'use client';

import { type ReactNode, useRef, useState } from 'react';
import type { TimeWindow } from '#components/traces/waterfall-model.ts';

/**
 * A strip that shows the whole of something at a glance, drawn by `children` in a viewBox `0 0 1 heightPx`. Dragging picks
 * the part that is drawn elsewhere, a double click shows all again; whoever uses it has buttons that do the same for the
 * keyboard.
 */
export function TimeBrush(props: {
  label: string;
  heightPx: number;
  whole: TimeWindow;
  window: TimeWindow;
  onWindow: (window: TimeWindow) => void;
  className?: string;
  children: ReactNode;
}) {
  const { label, heightPx, whole, window, onWindow, className = '', children } = props;
  const area = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<TimeWindow | null>(null);
  const total = whole.toMs - whole.fromMs || 1;
  const timeAt = (clientX: number) => {
    const box = area.current?.getBoundingClientRect();
    return whole.fromMs + (box ? Math.min(1, Math.max(0, (clientX - box.left) / box.width)) * total : 0);
  };
  const shown = drag ? { fromMs: Math.min(drag.fromMs, drag.toMs), toMs: Math.max(drag.fromMs, drag.toMs) } : window;
  const share = (ms: number) => `${((ms / total) * 100).toFixed(3)}%`;
  const all = shown.fromMs <= whole.fromMs && shown.toMs >= whole.toMs;
  return (
    <div
      ref={area}
      role="img"
      aria-label={label}
      className={`relative cursor-crosshair touch-none overflow-hidden select-none ${className}`}
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
        {children}
      </svg>
      {all ? null : (
        <>
          <span
            className="absolute inset-y-0 left-0 bg-canvas/75"
            style={{ width: share(shown.fromMs - whole.fromMs) }}
          />
          <span
            className="absolute inset-y-0 border-x border-accent"
            style={{ left: share(shown.fromMs - whole.fromMs), width: share(shown.toMs - shown.fromMs) }}
          />
          <span
            className="absolute inset-y-0 right-0 bg-canvas/75"
            style={{ left: share(shown.toMs - whole.fromMs) }}
          />
        </>
      )}
    </div>
  );
}
