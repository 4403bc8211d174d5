import type { InvariantId, InvariantKind } from '#contracts/sandbox/audit.ts';
import type { Databases } from '../databases.ts';
import type { ClientHistory } from '../evidence/client-history.ts';
import type { Dossier } from '../evidence/dossier.ts';
import type { FaultSource } from '../evidence/faults.ts';
import type { TopicIndex } from '../evidence/topic-index.ts';
import type { TraceSource } from '../evidence/traces.ts';

type Declared = {
  id: InvariantId;
  name: string;
  kind: InvariantKind;
  /** What must hold, in plain words. */
  statement: string;
  /** T: how long a violation may last once every process runs; null: it may not be seen at all. */
  deadlineMs: number | null;
};

/** How much was looked at, by its plural: `{ orders: 3, 'ledger entries': 6 }`. */
export type Counts = { [of: string]: number };

export type OrderFindings = { evidence: Counts; problem: string | null };

/** Judged on one order at a time: pure. No evidence: it says nothing about this order. */
export type OrderInvariant = Declared & {
  scope: 'order';
  check: (dossier: Dossier) => OrderFindings;
};

export type Violation = {
  /** An order id, an SKU, an outbox. */
  subject: string;
  orderId: string | null;
  problem: string;
};

export type Findings = {
  evidence: Counts;
  violations: Violation[];
  /** Why nothing can be said. */
  unknown?: string;
};

export type Sources = {
  databases: Databases;
  index: TopicIndex;
  client: ClientHistory;
  traces: TraceSource;
  faults: FaultSource;
  /** Since when every process runs, epoch milliseconds; null while one does not. */
  calmSinceMs: number | null;
  /** When the youngest process was started, epoch milliseconds; null while nobody says so. */
  lastStartMs: number | null;
  nowMs: number;
  /** The strict audit: nothing moves any more, deadlines have passed. */
  final: boolean;
};

/** Judged on a whole database, or on several: `load` reads a snapshot, `check` is pure. */
export type FleetInvariant = Declared & {
  scope: 'fleet';
  /** Least time between two looks. */
  everyMs: number;
  evaluate: (sources: Sources) => Promise<Findings>;
};

export type Invariant = OrderInvariant | FleetInvariant;

export function orderInvariant(definition: Omit<OrderInvariant, 'scope'>): OrderInvariant {
  return { ...definition, scope: 'order' };
}

export function fleetInvariant<Snapshot>(
  definition: Omit<FleetInvariant, 'scope' | 'evaluate'> & {
    load: (sources: Sources) => Promise<Snapshot>;
    check: (snapshot: Snapshot) => Findings;
  },
): FleetInvariant & Pick<typeof definition, 'load' | 'check'> {
  return {
    ...definition,
    scope: 'fleet',
    evaluate: async (sources) => definition.check(await definition.load(sources)),
  };
}

/**
 * The instant before which something must have begun for its deadline to have passed: only the time in which every
 * process ran counts. In the final audit all deadlines have passed.
 */
export function overdueBefore({ calmSinceMs, nowMs, final }: Sources, deadlineMs: number): number {
  if (final) return nowMs;
  if (calmSinceMs === null || nowMs - calmSinceMs < deadlineMs) return 0;
  return nowMs - deadlineMs;
}

/** `4 of 9 lines: …`, the first few of many. */
export function firstOf(items: readonly string[], limit = 3): string {
  const shown = items.slice(0, limit).join(', ');
  return items.length > limit ? `${shown} and ${items.length - limit} more` : shown;
}
