/** The values set last, by key: at least `most` of them, at most twice as many. */
export function createRecent<T>(most: number) {
  // Two generations: to delete the oldest of a Map one by one costs a walk over all that were deleted before.
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  return {
    get: (key: string): T | undefined => young.get(key) ?? old.get(key),
    set(key: string, value: T): void {
      if (young.size >= most && !young.has(key)) {
        old = young;
        young = new Map();
      }
      young.set(key, value);
    },
  };
}
