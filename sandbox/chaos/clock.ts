/** Time as the engine sees it: leases run on the monotonic clock, what people read is wall time. */
export type Clock = {
  /** Monotonic milliseconds. */
  now(): number;
  wall(): Date;
  /** Calls back once; the result calls it off. */
  after(ms: number, callback: () => void): () => void;
};

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => new Date(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
