export type TtlCache<T> = {
  /** The value, loaded at most once per TTL however many ask at the same time. Throws what the loader throws. */
  get(signal: AbortSignal): Promise<T>;
  /** Age of the present value; null while there is none. */
  ageMs(): number | null;
};

export type TtlCacheOptions<T> = {
  /** A value older than this is never returned (FAULTS.md L9). */
  ttlMs: number;
  now: () => number;
  /**
   * The load is shared, so it must not end because one of those who wait for it goes away. `ageMs`: how old the value
   * was already when it was asked for; 0 from the database itself.
   */
  load: () => Promise<{ value: T; ageMs: number }>;
};

/** One cached value with a time to live and single-flight loading, so that an expiry is not a stampede (F-42). */
export function createTtlCache<T>({ ttlMs, now, load }: TtlCacheOptions<T>): TtlCache<T> {
  let current: { value: T; loadedAt: number } | null = null;
  let loading: Promise<T> | null = null;

  function refresh(): Promise<T> {
    // Age counts from before the load: what the database says may be as old as the question.
    const startedAt = now();
    loading = load()
      .then(({ value, ageMs }) => {
        current = { value, loadedAt: startedAt - ageMs };
        return value;
      })
      .finally(() => {
        loading = null;
      });
    return loading;
  }

  return {
    async get(signal) {
      signal.throwIfAborted();
      if (current && now() - current.loadedAt < ttlMs) return current.value;
      return await unlessAborted(loading ?? refresh(), signal);
    },
    ageMs: () => (current ? now() - current.loadedAt : null),
  };
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
