import { isAppError } from '#contracts/errors.ts';

/**
 * One source of a merged stream opened (`down` null: what happens from now on will be told, so whoever reads it now
 * misses nothing) or went down; the others go on.
 */
export type SourceState = { kind: 'source'; source: string; down: string | null };

export type LiveSource<T> = {
  name: string;
  /** Calls `onOpen` once the source answered: a healthy source may have nothing to say for long. An item tells as much. */
  open: (signal: AbortSignal, onOpen: () => void) => AsyncIterable<T>;
};

export type MergeOptions<T> = {
  /** Of two waiting items with one key only the newer is sent; null is never replaced. */
  keyOf: (item: T) => string | null;
  /** At most one batch per so many milliseconds; the first item after a quiet time goes at once. */
  everyMs?: number;
  /** Waits between attempts to reopen a source, the last one repeated. */
  retryMs?: readonly number[];
};

/**
 * Several streams as one, in batches, until `signal` aborts: a browser has six connections per origin, so a view has one
 * stream. A source that opens says so before its first item; one that fails is reported and reopened on its own.
 */
export async function* mergeLive<T>(
  signal: AbortSignal,
  sources: readonly LiveSource<T>[],
  options: MergeOptions<T>,
): AsyncGenerator<(T | SourceState)[]> {
  const { everyMs = 250, retryMs = [500, 1000, 2000, 4000] } = options;
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  let waiting = new Map<string, T | SourceState>();
  let unkeyed = 0;
  let wake: (() => void) | null = null;
  const put = (key: string | null, item: T | SourceState) => {
    const name = key ?? `#${++unkeyed}`;
    // Deleting first keeps the batch in order of arrival.
    waiting.delete(name);
    waiting.set(name, item);
    wake?.();
  };

  const follow = async ({ name, open }: LiveSource<T>) => {
    let failures = 0;
    while (!until.aborted) {
      let reason = `${name} closed the stream`;
      try {
        let isOpen = false;
        const opened = () => {
          if (!isOpen) put(`source ${name}`, { kind: 'source', source: name, down: null });
          isOpen = true;
          failures = 0;
        };
        for await (const item of open(until, opened)) {
          opened();
          put(options.keyOf(item), item);
        }
      } catch (error) {
        if (isAppError(error)) reason = error.message;
        else if (!until.aborted) reason = `${name} streamed something unexpected`;
      }
      if (until.aborted) return;
      put(`source ${name}`, { kind: 'source', source: name, down: reason });
      await pause(retryMs[Math.min(failures, retryMs.length - 1)] ?? 1000, until);
      failures++;
    }
  };

  const following = sources.map(follow);
  try {
    while (!until.aborted) {
      if (waiting.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          until.addEventListener('abort', () => resolve(), { once: true });
        });
        wake = null;
      }
      if (until.aborted) return;
      // What is ready in the same turn belongs to the same batch.
      await Promise.resolve();
      const batch = [...waiting.values()];
      waiting = new Map();
      yield batch;
      await pause(everyMs, until);
    }
  } finally {
    stop.abort();
    await Promise.allSettled(following);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
