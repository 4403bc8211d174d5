import type { Counterexample, Evidence, Verdict } from '#contracts/sandbox/audit.ts';
import type { Counts, Invariant } from '../invariants/invariant.ts';

/** What is known of one invariant so far. */
type Entry = {
  evidence: Counts;
  /** By subject: what breaks it now. */
  violations: Map<string, Counterexample>;
  why: string | null;
  checkedAtMs: number | null;
};

/** Stories are long; of further violations only the subject and the problem are kept. */
const mostStories = 50;

export type Board = {
  /** Adds what one more order showed. */
  addEvidence(id: Invariant['id'], evidence: Counts): void;
  /** Replaces all that is known, after a look at the whole. */
  replace(id: Invariant['id'], found: { evidence: Counts; violations: Counterexample[]; why: string | null }): void;
  violate(id: Invariant['id'], counterexample: Counterexample): void;
  clear(id: Invariant['id'], subject: string): void;
  touch(id: Invariant['id']): void;
  verdicts(): Verdict[];
};

/** The verdicts. Evidence adds up, violations stand until a later look finds them gone. */
export function createBoard(invariants: readonly Invariant[], now: () => number): Board {
  const entries = new Map<string, Entry>(
    invariants.map(({ id }) => [id, { evidence: {}, violations: new Map(), why: null, checkedAtMs: null }]),
  );
  const entryOf = (id: string) => {
    const entry = entries.get(id);
    if (entry === undefined) throw new Error(`no invariant ${id}`);
    return entry;
  };
  return {
    addEvidence(id, evidence) {
      const entry = entryOf(id);
      for (const [of, count] of Object.entries(evidence)) entry.evidence[of] = (entry.evidence[of] ?? 0) + count;
    },
    replace(id, { evidence, violations, why }) {
      const entry = entryOf(id);
      entry.evidence = evidence;
      // A counterexample keeps the moment at which it was found.
      entry.violations = new Map(
        violations.map((found) => [
          found.subject,
          { ...found, foundAt: entry.violations.get(found.subject)?.foundAt ?? found.foundAt },
        ]),
      );
      entry.why = why;
      entry.checkedAtMs = now();
    },
    violate(id, counterexample) {
      const { violations } = entryOf(id);
      const { foundAt } = violations.get(counterexample.subject) ?? counterexample;
      const told = violations.size < mostStories ? counterexample : { ...counterexample, timeline: [] };
      violations.set(counterexample.subject, { ...told, foundAt });
    },
    clear: (id, subject) => void entryOf(id).violations.delete(subject),
    touch(id) {
      entryOf(id).checkedAtMs = now();
    },
    verdicts: () =>
      invariants.map((invariant) => {
        const entry = entries.get(invariant.id);
        return verdictOf(invariant, entry ?? { evidence: {}, violations: new Map(), why: null, checkedAtMs: null });
      }),
  };
}

function verdictOf({ id, name, kind, statement, deadlineMs }: Invariant, entry: Entry): Verdict {
  const evidence: Evidence[] = Object.entries(entry.evidence).map(([of, count]) => ({ of, count }));
  const violations = entry.violations.size;
  // A verdict needs something to stand on: the first count is what was judged.
  const seen = (evidence[0]?.count ?? 0) > 0;
  const state = violations > 0 ? 'invalid' : seen && entry.why === null ? 'valid' : 'unknown';
  return {
    id,
    name,
    kind,
    statement,
    deadlineMs,
    state,
    why: state === 'unknown' ? (entry.why ?? 'nothing was there to look at yet') : null,
    evidence,
    violations,
    counterexample: smallest([...entry.violations.values()]),
    checkedAt: entry.checkedAtMs === null ? null : new Date(entry.checkedAtMs).toISOString(),
  };
}

/** The shortest story: the one that is read fastest. A subject without a story comes last. */
function smallest(counterexamples: readonly Counterexample[]): Counterexample | null {
  const length = ({ timeline }: Counterexample) => (timeline.length === 0 ? Number.POSITIVE_INFINITY : timeline.length);
  return counterexamples.reduce<Counterexample | null>(
    (best, next) => (best === null || length(next) < length(best) ? next : best),
    null,
  );
}
