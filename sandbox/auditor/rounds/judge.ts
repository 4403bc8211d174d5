/** Puts dossiers and snapshots before the invariants and writes what follows on a board. */
import type { Counterexample } from '#contracts/sandbox/audit.ts';
import type { Dossier } from '../evidence/dossier.ts';
import { timelineOf } from '../evidence/order-timeline.ts';
import type { FleetInvariant, Invariant, OrderInvariant, Sources, Violation } from '../invariants/invariant.ts';
import type { Board } from './board.ts';

export type Judged = {
  /** Nothing is in doubt any more: no problem is still within its deadline. */
  definite: boolean;
  /** It breaks something now. */
  broken: boolean;
};

/**
 * Judges one order by every invariant of a single order. `overdue` says whether a deadline has passed since the order
 * and the fleet came to rest; until then a liveness problem is no verdict. `counted`: its evidence is on the board.
 */
export function judgeOrder(
  board: Board,
  invariants: readonly Invariant[],
  dossier: Dossier,
  options: { overdue: (deadlineMs: number) => boolean; counted: boolean; nowMs: number },
): Judged {
  const results = invariants.filter(isOrderInvariant).map((invariant) => {
    const { evidence, problem } = invariant.check(dossier);
    const early = problem !== null && invariant.deadlineMs !== null && !options.overdue(invariant.deadlineMs);
    return { id: invariant.id, evidence, early, problem: early ? null : problem };
  });
  const definite = results.every(({ early }) => !early);
  for (const { id, evidence, problem } of results) {
    // Evidence is counted once, together with the verdict that it stands for.
    if (definite && !options.counted) board.addEvidence(id, evidence);
    const violation = { subject: dossier.orderId, orderId: dossier.orderId };
    if (problem === null) board.clear(id, dossier.orderId);
    else board.violate(id, counterexample({ ...violation, problem }, dossier, options.nowMs));
    board.touch(id);
  }
  return { definite, broken: results.some(({ problem }) => problem !== null) };
}

/** Takes one look at the whole; what could not be read is said instead of a verdict. False: nothing can be said yet. */
export async function judgeFleet(
  board: Board,
  invariant: FleetInvariant,
  sources: Sources,
  dossierOf: (orderId: string) => Promise<Dossier | null>,
): Promise<boolean> {
  try {
    const { evidence, violations, unknown } = await invariant.evaluate(sources);
    const told = violations.slice(0, 20);
    const examples: Counterexample[] = [];
    for (const [index, violation] of told.entries()) {
      // Stories are long; the first few are enough to choose the smallest from.
      const dossier = index < 3 && violation.orderId !== null ? await dossierOf(violation.orderId) : null;
      examples.push(counterexample(violation, dossier, sources.nowMs));
    }
    board.replace(invariant.id, { evidence, violations: examples, why: unknown ?? null });
    return unknown === undefined && Object.values(evidence)[0] !== 0;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    board.replace(invariant.id, { evidence: {}, violations: [], why });
    return false;
  }
}

function counterexample(
  { subject, orderId, problem }: Violation,
  dossier: Dossier | null,
  nowMs: number,
): Counterexample {
  const created = dossier?.records.find(({ event }) => event === 'order.created');
  return {
    subject,
    orderId: orderId !== null && uuid.test(orderId) ? orderId : null,
    traceId: created?.traceId ?? null,
    problem,
    foundAt: new Date(nowMs).toISOString(),
    timeline: dossier === null ? [] : timelineOf(dossier),
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function isOrderInvariant(invariant: Invariant): invariant is OrderInvariant {
  return invariant.scope === 'order';
}
