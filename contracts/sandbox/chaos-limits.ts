/** What both ends know of a fault's time and state, without zod: the browser reads it too. */
export const defaultTtlMs = 60_000;
export const leastTtlMs = 1_000;
export const mostTtlMs = 900_000;

/** True while it may still do something: also when nobody knows whether it is gone. */
export function isActive({ state }: { state: string }): boolean {
  return state !== 'reverted';
}
