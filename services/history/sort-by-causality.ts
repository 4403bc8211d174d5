/** What is needed to put events in order. */
export type Caused = { messageId: string; causationId: string | null; occurredAt: string };

/**
 * Events in the order in which they came about: no effect before its cause, and among events that do not depend on
 * each other the earlier clock first, then the smaller id. Clocks of different processes may disagree (or be skewed on
 * purpose), causation does not. The result depends on the set of events only, never on the order they are given in.
 */
export function sortByCausality<T extends Caused>(events: readonly T[]): T[] {
  const waiting = [...events].sort(byClock);
  const known = new Set(waiting.map((event) => event.messageId));
  const placed = new Set<string>();
  const sorted: T[] = [];
  while (waiting.length > 0) {
    const ready = waiting.findIndex(
      ({ causationId }) => causationId === null || !known.has(causationId) || placed.has(causationId),
    );
    // A cycle cannot come about honestly; if one is made, the clock decides.
    const [next] = waiting.splice(Math.max(0, ready), 1) as [T];
    placed.add(next.messageId);
    sorted.push(next);
  }
  return sorted;
}

function byClock(left: Caused, right: Caused): number {
  return compare(left.occurredAt, right.occurredAt) || compare(left.messageId, right.messageId);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
