/** What happens inside the broker, for live views and fault hooks in the same process. */
export interface BrokerEvents {
  append: { topic: string; partition: number; baseOffset: number; count: number; sizeBytes: number };
  commit: { group: string; topic: string; partition: number; offset: number };
  join: { group: string; memberId: string; clientId: string };
  leave: { group: string; memberId: string; reason: string };
  rebalance: { group: string; generation: number; members: string[]; reason: string };
  topic: { topic: string; change: 'created' | 'deleted' | 'partitions'; partitions: number };
}

type Listener<T> = (event: T) => void;

export interface EventBus {
  /** Returns the function that stops listening. */
  on<K extends keyof BrokerEvents>(name: K, listener: Listener<BrokerEvents[K]>): () => void;
  emit<K extends keyof BrokerEvents>(name: K, event: BrokerEvents[K]): void;
}

/** A listener that throws is reported and does not disturb the broker or the other listeners. */
export function createEventBus(onListenerError: (error: unknown) => void): EventBus {
  const listeners = new Map<string, Set<Listener<never>>>();
  return {
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener as Listener<never>);
      return () => set.delete(listener as Listener<never>);
    },
    emit(name, event) {
      for (const listener of listeners.get(name) ?? []) {
        try {
          (listener as Listener<typeof event>)(event);
        } catch (error) {
          onListenerError(error);
        }
      }
    },
  };
}
