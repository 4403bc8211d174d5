/** Lets at most `width` tasks run at a time; the others wait in order. */
export type Gate = {
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Waits for what is running and refuses the rest. */
  close(): Promise<void>;
};

export function createGate(width: number): Gate {
  const waiting: (() => void)[] = [];
  const running = new Set<Promise<unknown>>();
  let closed = false;

  const leave = (task: Promise<unknown>): void => {
    running.delete(task);
    waiting.shift()?.();
  };
  return {
    async run(task) {
      while (running.size >= width) await new Promise<void>((resolve) => waiting.push(resolve));
      if (closed) throw new Error('the store is closed');
      const started = task();
      running.add(started);
      try {
        return await started;
      } finally {
        leave(started);
      }
    },
    async close() {
      closed = true;
      await Promise.allSettled([...running]);
      for (const wake of waiting.splice(0)) wake();
    },
  };
}
