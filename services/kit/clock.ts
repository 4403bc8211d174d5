/** Where "now" comes from: injected, so that rules about time can be tested. */
export type Clock = {
  /** Epoch milliseconds. */
  now(): number;
};

export const systemClock: Clock = { now: () => Date.now() };

/** UTC ISO-8601 with milliseconds, e.g. `2026-11-22T10:00:00.000Z`. */
export function instant(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}
