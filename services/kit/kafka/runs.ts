import { needsPreparation } from './handlers.ts';
import type { Delivery, Incoming, Unreadable } from './incoming.ts';

/** Successive records of a partition that may be handled together. */
export type Run = {
  deliveries: readonly Delivery[];
  /** The record after them, which nobody can read. */
  unreadable: Unreadable | null;
  /** Everything up to and including this offset is done with when the run is. */
  lastOffset: string;
};

/** So that a partition with a long backlog gets on, and its offsets with it. */
const longestRun = 100;

/**
 * Cuts what was fetched of a partition into runs. A message that asks somebody before it is applied does not share a
 * run with an earlier one of its key, since the answer may depend on what that one does; nor does a second copy.
 */
export function cutIntoRuns(fetched: readonly Incoming[]): Run[] {
  const runs: Run[] = [];
  let deliveries: Delivery[] = [];
  let keys = new Set<string>();
  let ids = new Set<string>();
  let lastOffset: string | null = null;
  const cut = (unreadable: Unreadable | null) => {
    if (lastOffset !== null) runs.push({ deliveries, unreadable, lastOffset });
    deliveries = [];
    keys = new Set();
    ids = new Set();
    lastOffset = null;
  };
  for (const record of fetched) {
    if (record.kind === 'delivery') {
      const { key, handler, event } = record;
      const waits = ids.has(event.metadata.id) || (keys.has(key) && needsPreparation(handler));
      if (waits || deliveries.length >= longestRun) cut(null);
      deliveries.push(record);
      keys.add(key);
      ids.add(event.metadata.id);
    }
    lastOffset = record.offset;
    if (record.kind === 'invalid') cut(record);
  }
  cut(null);
  return runs;
}
