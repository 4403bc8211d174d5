import type { OrderUpdate } from '#contracts/http/history.ts';

/** An update and its id on the stream. */
export type PositionedUpdate = OrderUpdate & { position: number };

/** Subscribers in this process: told right after a commit, in memory, so that a screen follows within milliseconds. */
export type Updates = {
  publish(update: PositionedUpdate): void;
  /** Calls `listener` with every update from now on; returns the function that ends it. */
  subscribe(listener: (update: PositionedUpdate) => void): () => void;
};

export function createUpdates(): Updates {
  const listeners = new Set<(update: PositionedUpdate) => void>();
  return {
    publish: (update) => {
      for (const listener of listeners) listener(update);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
