'use client';

import { createContext, type ReactNode, useContext, useEffect, useId, useState, useSyncExternalStore } from 'react';

/** How one stream is doing. `idle`: not asked for now (paused, tab in the background). */
export type StreamState = 'connecting' | 'live' | 'reconnecting' | 'idle';

export type LiveSummary = {
  /** Streams that the view wants, paused or not. */
  streams: number;
  /** Epoch ms since when at least one stream has been down; null while all is well. */
  downSinceMs: number | null;
  paused: boolean;
};

export type LiveStatus = {
  report: (id: string, state: StreamState) => void;
  leave: (id: string) => void;
  setPaused: (paused: boolean) => void;
  subscribe: (listener: () => void) => () => void;
  read: () => LiveSummary;
};

/** Collects the state of every live stream on screen. `nowMs` is injected for tests. */
export function createLiveStatus(nowMs: () => number = Date.now): LiveStatus {
  const states = new Map<string, StreamState>();
  const listeners = new Set<() => void>();
  let summary: LiveSummary = { streams: 0, downSinceMs: null, paused: false };
  const update = (paused = summary.paused) => {
    const down = [...states.values()].includes('reconnecting');
    const downSinceMs = down ? (summary.downSinceMs ?? nowMs()) : null;
    if (states.size === summary.streams && downSinceMs === summary.downSinceMs && paused === summary.paused) return;
    summary = { streams: states.size, downSinceMs, paused };
    for (const listener of listeners) listener();
  };
  return {
    report(id, state) {
      states.set(id, state);
      update();
    },
    leave(id) {
      states.delete(id);
      // Pausing belongs to the view that was paused.
      update(states.size === 0 ? false : summary.paused);
    },
    setPaused: (paused) => update(paused),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read: () => summary,
  };
}

const LiveContext = createContext<LiveStatus | null>(null);

export function LiveStatusProvider({ children }: { children: ReactNode }) {
  const [status] = useState(() => createLiveStatus());
  return <LiveContext value={status}>{children}</LiveContext>;
}

export function useLiveStatus(): LiveStatus {
  const status = useContext(LiveContext);
  if (!status) throw new Error('useLiveStatus needs a LiveStatusProvider above it');
  return status;
}

const nothing: LiveSummary = { streams: 0, downSinceMs: null, paused: false };

export function useLiveSummary(): LiveSummary {
  const status = useLiveStatus();
  return useSyncExternalStore(status.subscribe, status.read, () => nothing);
}

/** Tells the shell how this component's stream is doing, for as long as the component is mounted; null tells nothing. */
export function useReportStream(state: StreamState | null): void {
  const status = useLiveStatus();
  const id = useId();
  useEffect(() => {
    if (state !== null) status.report(id, state);
  }, [status, id, state]);
  useEffect(() => () => status.leave(id), [status, id]);
}
