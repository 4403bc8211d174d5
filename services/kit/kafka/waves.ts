import type { Attempt } from './attempt.ts';

/**
 * Orders the messages of a transaction: those of one wave touch different rows, so their handlers may run at the same
 * time, one packet for each round trip of all of them. A message comes after every earlier one of its key and of the
 * rows that it decides by, in a later wave. Handlers that take many at once see to that themselves: all in the first.
 */
export function inWaves(attempts: readonly Attempt[]): Attempt[][] {
  const waves: Attempt[][] = [];
  const nextOf = new Map<string, number>();
  for (const attempt of attempts) {
    const { handler, event, key } = attempt.delivery;
    const rows = handler.applyAll !== undefined ? [] : [key, ...(handler.rows?.(event) ?? [])];
    const wave = Math.max(0, ...rows.map((row) => nextOf.get(row) ?? 0));
    for (const row of rows) nextOf.set(row, wave + 1);
    waves[wave] = [...(waves[wave] ?? []), attempt];
  }
  return waves;
}
