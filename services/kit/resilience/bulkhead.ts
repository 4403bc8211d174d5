import { AppError } from '#contracts/errors.ts';

export type BulkheadPolicy = { maxConcurrent: number; maxQueued: number; maxWaitMs: number };

export type Bulkhead = {
  /**
   * Runs `call` when there is room, else waits in line. Throws `unavailable` when the line is full or the wait is over:
   * one slow dependency may hold this many callers and no more.
   */
  run<T>(call: () => Promise<T>): Promise<T>;
  view(): { running: number; queued: number; rejected: number };
};

export function createBulkhead(name: string, policy: BulkheadPolicy): Bulkhead {
  const line: { enter: () => void; refuse: (error: AppError) => void; timer: NodeJS.Timeout }[] = [];
  let running = 0;
  let rejected = 0;

  function full(reason: string): AppError {
    rejected += 1;
    return new AppError('unavailable', `too many calls to ${name} at once: ${reason}`, { retryAfterSeconds: 1 });
  }

  function room(): Promise<void> {
    if (running < policy.maxConcurrent) {
      running += 1;
      return Promise.resolve();
    }
    if (line.length >= policy.maxQueued) return Promise.reject(full(`${line.length} are waiting`));
    return new Promise<void>((enter, refuse) => {
      const timer = setTimeout(() => {
        line.splice(
          line.findIndex((place) => place.timer === timer),
          1,
        );
        refuse(full(`no room within ${policy.maxWaitMs} ms`));
      }, policy.maxWaitMs);
      line.push({ enter, refuse, timer });
    });
  }

  /** The place of a call that has ended goes to the first in line, without becoming free in between. */
  function leave(): void {
    const next = line.shift();
    if (next === undefined) {
      running -= 1;
      return;
    }
    clearTimeout(next.timer);
    next.enter();
  }

  return {
    async run(call) {
      await room();
      try {
        return await call();
      } finally {
        leave();
      }
    },
    view: () => ({ running, queued: line.length, rejected }),
  };
}
