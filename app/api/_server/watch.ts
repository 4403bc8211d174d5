import { setTimeout as sleep } from 'node:timers/promises';

export type WatchOptions<T> = {
  read: (signal: AbortSignal) => Promise<T>;
  everyMs: number;
  onOpen?: () => void;
};

/**
 * Makes a stream of a source that can only be asked: its answer first, then each one that differs. Ends when `signal`
 * aborts; throws what `read` throws.
 */
export async function* watch<T>(signal: AbortSignal, { read, everyMs, onOpen }: WatchOptions<T>): AsyncGenerator<T> {
  let last: string | null = null;
  while (!signal.aborted) {
    const value = await read(signal);
    onOpen?.();
    const text = JSON.stringify(value);
    if (text !== last) yield value;
    last = text;
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}
