/** Time as toxics see it: monotonic, so that a lease or a delay is not touched by a change of the wall clock. */
export type Clock = {
  /** Milliseconds since some moment; fractions count. */
  now(): number;
  /** Calls back once after that many milliseconds; the result calls it off. */
  after(ms: number, callback: () => void): () => void;
};

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
