/**
 * Deadlines travel: a caller says how long it will wait, and whoever it calls passes on what is left. Work for somebody
 * who has stopped waiting is not begun.
 */
export const deadlineHeader = 'x-request-timeout-ms';

const deadlines = new WeakMap<AbortSignal, number>();

/** The time that a piece of work has. */
export type Deadline = {
  /** Aborted when the time is over, or whoever waits for the work has gone. */
  signal: AbortSignal;
  /** Whether it was the time that ended it. */
  isOver(): boolean;
  /** Ends it early: nobody waits any longer. */
  abort(reason: unknown): void;
  /** The work is done. Must be called: a timer that is left to fire costs an error with its stack. */
  end(): void;
};

/** A deadline in `timeoutMs` (`Infinity`: none), or when `parent` aborts, if that comes first. */
export function openDeadline(timeoutMs: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  let over = false;
  let timer: NodeJS.Timeout | undefined;
  const follow = () => controller.abort(parent?.reason);
  const atMs = Math.min(deadlines.get(parent ?? signal) ?? Number.POSITIVE_INFINITY, performance.now() + timeoutMs);
  if (atMs !== Number.POSITIVE_INFINITY) deadlines.set(signal, atMs);
  if (timeoutMs !== Number.POSITIVE_INFINITY) {
    const expire = () => {
      over = true;
      controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    };
    timer = setTimeout(expire, Math.max(0, Math.ceil(timeoutMs))).unref();
  }
  if (parent?.aborted === true) follow();
  else parent?.addEventListener('abort', follow, { once: true });
  return {
    signal,
    isOver: () => over,
    abort: (reason) => controller.abort(reason),
    end() {
      clearTimeout(timer);
      parent?.removeEventListener('abort', follow);
    },
  };
}

/**
 * Waits for `work`, but not after `signal` aborts, whose reason it then throws. For what heeds a signal late: undici's
 * `request` does while it looks up a name or connects, up to ten seconds.
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => {});
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Milliseconds that the caller behind `signal` will still wait; `Infinity` when it has not said. */
export function remainingMs(signal: AbortSignal | undefined): number {
  const at = signal === undefined ? undefined : deadlines.get(signal);
  return at === undefined ? Number.POSITIVE_INFINITY : at - performance.now();
}

/** What a header says, or null when it is absent or senseless: a caller's mistake must not cut its request off. */
export function parseTimeout(header: string | string[] | undefined): number | null {
  if (typeof header !== 'string' || !/^\d{1,7}$/.test(header)) return null;
  return Number(header);
}
