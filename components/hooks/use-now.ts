'use client';

import { useSyncExternalStore } from 'react';

type Ticker = { subscribe: (listener: () => void) => () => void; read: () => number };

// One timer per interval for the whole page, so that every age on screen turns at once. Browser only.
const tickers = new Map<number, Ticker>();

function tickerOf(everyMs: number): Ticker {
  const known = tickers.get(everyMs);
  if (known) return known;
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | null = null;
  const ticker: Ticker = {
    subscribe(listener) {
      listeners.add(listener);
      now = Date.now();
      timer ??= setInterval(() => {
        now = Date.now();
        for (const one of listeners) one();
      }, everyMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && timer) {
          clearInterval(timer);
          timer = null;
        }
      };
    },
    read: () => now,
  };
  tickers.set(everyMs, ticker);
  return ticker;
}

/** The time, epoch milliseconds, refreshed every `everyMs`; null on the server and during hydration. */
export function useNow(everyMs: number): number | null {
  const ticker = tickerOf(everyMs);
  return useSyncExternalStore<number | null>(ticker.subscribe, ticker.read, () => null);
}
