import { type TimeWindow, ticks, tickText } from './waterfall-model.ts';

/** Times above the bars, from the start of the trace. */
export function Ruler({ window, most }: { window: TimeWindow; most: number }) {
  return (
    <div aria-hidden className="relative h-5 overflow-hidden text-xs text-tertiary">
      {ticks(window, most).map((ms) => {
        const left = (ms - window.fromMs) / (window.toMs - window.fromMs);
        return left > 0.97 ? null : (
          <span
            key={ms}
            className="absolute top-0.5 pl-1 whitespace-nowrap tabular-nums"
            style={{ left: `${left * 100}%` }}
          >
            {tickText(ms)}
          </span>
        );
      })}
    </div>
  );
}

/** The same times as hairlines behind the rows. */
export function RulerLines({ window, most }: { window: TimeWindow; most: number }) {
  return ticks(window, most).map((ms) => (
    <span
      key={ms}
      className="absolute inset-y-0 w-px bg-border"
      style={{ left: `${((ms - window.fromMs) / (window.toMs - window.fromMs)) * 100}%` }}
    />
  ));
}
