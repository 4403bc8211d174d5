'use client';

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { LogRecord } from '#contracts/telemetry/query.ts';
import { indexOfSequence, sequenceOf } from './log-window.ts';

type Rows = readonly Pick<LogRecord, 'id'>[];

export type TailScroll = {
  /** True while the end is on screen: new rows keep it there. */
  following: boolean;
  /** Rows that came since the end was left. */
  unseen: number;
  onScroll: () => void;
  follow: () => void;
  /** Stay where it is, as when a row above the end is being read. */
  hold: () => void;
};

/**
 * Scroll position of rows in ascending sequence that grow at both ends: at the end it stays at the end, anywhere else
 * the rows under the reader stay where they are. `lead` is the height above the first row, px.
 */
export function useTailScroll(
  scroller: RefObject<HTMLElement | null>,
  rows: Rows,
  { rowHeight, lead }: { rowHeight: number; lead: number },
): TailScroll {
  const [following, setFollowing] = useState(true);
  const [leftAt, setLeftAt] = useState(-1n);
  // Top row and how far it is scrolled away; what is kept in place.
  const anchor = useRef<{ sequence: bigint; offset: number } | null>(null);
  const latest = useRef({ rows, following });
  useLayoutEffect(() => {
    latest.current = { rows, following };
  });

  const remember = useCallback(
    (element: HTMLElement, known: Rows) => {
      const top = Math.max(0, element.scrollTop - lead);
      const first = known[Math.floor(top / rowHeight)];
      anchor.current = first
        ? { sequence: sequenceOf(first), offset: element.scrollTop - lead - floor(top, rowHeight) }
        : null;
    },
    [lead, rowHeight],
  );
  const set = useCallback((next: boolean) => {
    const { rows: known, following: before } = latest.current;
    const last = known.at(-1);
    if (before && !next) setLeftAt(last ? sequenceOf(last) : -1n);
    setFollowing(next);
  }, []);
  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    remember(element, latest.current.rows);
    set(element.scrollHeight - element.scrollTop - element.clientHeight < rowHeight / 2);
  }, [scroller, remember, set, rowHeight]);

  const toEnd = useCallback(() => {
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [scroller]);
  // Only when rows came or went: between a scroll and its render the reader may have scrolled on.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || rows.length === 0) return;
    if (latest.current.following) toEnd();
    else if (anchor.current) {
      const top = lead + indexOfSequence(rows, anchor.current.sequence) * rowHeight + anchor.current.offset;
      if (Math.abs(element.scrollTop - top) >= 1) element.scrollTop = top;
    }
    remember(element, rows);
  }, [scroller, rows, remember, toEnd, lead, rowHeight]);

  useEffect(() => {
    const element = scroller.current;
    if (!element || !following) return;
    const resized = new ResizeObserver(toEnd);
    resized.observe(element);
    return () => resized.disconnect();
  }, [scroller, following, toEnd]);

  return {
    following,
    unseen: following || leftAt < 0n ? 0 : rows.length - indexOfSequence(rows, leftAt + 1n),
    onScroll,
    follow: useCallback(() => {
      set(true);
      toEnd();
    }, [set, toEnd]),
    hold: useCallback(() => set(false), [set]),
  };
}

function floor(value: number, step: number): number {
  return value - (value % step);
}
