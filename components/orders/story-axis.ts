import type { TimeWindow } from '#components/traces/waterfall-model.ts';

/** Closest zoom, in milliseconds: spans are recorded to the microsecond. */
const least = 0.05;

/** The window made smaller (factor < 1) or larger around a time, kept within the whole. */
export function zoomed(window: TimeWindow, factor: number, aroundMs: number, whole: TimeWindow): TimeWindow {
  const length = Math.min(lengthOf(whole), Math.max(least, lengthOf(window) * factor));
  const share = clamp((aroundMs - window.fromMs) / (lengthOf(window) || 1), 0, 1);
  return within({ fromMs: aroundMs - length * share, toMs: aroundMs + length * (1 - share) }, whole);
}

/** The window moved by a share of itself: 0.5 is half a window later. */
export function panned(window: TimeWindow, share: number, whole: TimeWindow): TimeWindow {
  const by = lengthOf(window) * share;
  return within({ fromMs: window.fromMs + by, toMs: window.toMs + by }, whole);
}

/** The window moved just so far that an interval is seen; as it is when some of it is. */
export function revealing(window: TimeWindow, fromMs: number, toMs: number, whole: TimeWindow): TimeWindow {
  if (toMs >= window.fromMs && fromMs <= window.toMs) return window;
  const half = lengthOf(window) / 2;
  return within({ fromMs: fromMs - half, toMs: fromMs + half }, whole);
}

function within({ fromMs, toMs }: TimeWindow, whole: TimeWindow): TimeWindow {
  const length = Math.min(toMs - fromMs, lengthOf(whole));
  const start = clamp(fromMs, whole.fromMs, whole.toMs - length);
  return { fromMs: start, toMs: start + length };
}

function lengthOf({ fromMs, toMs }: TimeWindow): number {
  return toMs - fromMs;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
