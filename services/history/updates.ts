import type { OrderUpdate } from '#contracts/http/history.ts';

/** An update and its id on the stream. */
export type PositionedUpdate = OrderUpdate & { position: number };

/** Subscribers in this process: told right after a commit, in memory, so that a screen follows within milliseconds. */
export type Updates = {
  publish(update: PositionedUpdate): void;
  /** Says that updates may have been stored that nobody was told of. */
  interrupt(): void;
  /** Calls `listener` with every update from now on, and `interrupted` when some may be missing; returns what ends it. */
  subscribe(listener: (update: PositionedUpdate) => void, interrupted?: () => void): () => void;
};

export function createUpdates(): Updates {
  const subscribers = new Set<{ listener: (update: PositionedUpdate) => void; interrupted: () => void }>();
  return {
    publish: (update) => {
      for (const { listener } of subscribers) listener(update);
    },
    interrupt: () => {
      for (const { interrupted } of [...subscribers]) interrupted();
    },
    subscribe(listener, interrupted = () => {}) {
      const subscriber = { listener, interrupted };
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
  };
}
