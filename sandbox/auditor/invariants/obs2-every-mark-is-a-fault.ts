import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { Span, TraceSummary } from '#contracts/telemetry/query.ts';
import type { KnownFaults } from '../evidence/faults.ts';
import { fleetInvariant, type Violation } from './invariant.ts';

/** A span that says of itself that a fault touched it. */
export type Mark = {
  orderId: string | null;
  service: string;
  name: string;
  faultId: string;
  kind: string;
  startMs: number;
  endMs: number;
};

export type Attributions = {
  /** The newest ones: what of their errors is put down to faults, and to which. */
  traces: Pick<TraceSummary, 'traceId' | 'orderId' | 'errorCount' | 'injectedCount' | 'faults'>[];
  marks: Mark[];
  known: KnownFaults;
};

/** Traces are large: of those with a mark a few are looked at each time, more in the final audit. */
const sample = { continuous: 3, final: 25 };
const newest = 100;
/** A fault touches work also after its end: messages that waited for a dead process. The store is told of it for ten minutes. */
const lingersMs = 11 * 60_000;
/** Two processes never agree on the time; on one machine they nearly do. */
const skewMs = 1_000;
/** The engine learns of hits by asking, and may end a fault between a hit and its last question. */
const countingMs = 2_000;
/** Nobody can count connections that were never made. */
const uncounted = new Set(['connection-refused']);

export const obs2 = fleetInvariant<Attributions>({
  id: 'OBS2',
  name: 'No error is blamed on a fault that was not',
  kind: 'observability',
  statement:
    'An error counts as injected only in a trace with a span that a fault has marked; all others are organic. Each mark names a fault that the chaos engine knows, of that kind, that had been armed by then and has hit something. Looked at in the newest traces, their marks in samples.',
  deadlineMs: null,
  everyMs: 10_000,
  async load({ traces, faults, nowMs, final }) {
    const any = (field: string, op: 'exists' | 'eq', value: string | null) =>
      traces.search([{ field, op, value }], newest);
    const [latest, failed, marked] = await Promise.all([
      traces.search([], newest),
      any('status', 'eq', 'error'),
      any(names.chaosFaultId, 'exists', null),
    ]);
    const wanted = final ? sample.final : sample.continuous;
    const step = Math.max(1, Math.floor(marked.length / wanted));
    const offset = final ? 0 : Math.floor(nowMs / 10_000) % step;
    const chosen = marked.filter((_, at) => at % step === offset).slice(0, wanted);
    const spans = await Promise.all(chosen.map(({ traceId }) => traces.spans(traceId)));
    const marks = chosen.flatMap(({ orderId }, at) => (spans[at] ?? []).flatMap((span) => markOf(span, orderId)));
    // Asked last: whatever has left a mark by now, the engine has known of before.
    const known = await faults.known();
    // A trace without its beginning may have lost marks with it.
    const whole = [...latest, ...failed, ...marked].filter(({ rootMissing }) => !rootMissing);
    const looked = new Map(whole.map((trace) => [trace.traceId, trace]));
    return { traces: [...looked.values()], marks, known };
  },
  check: ({ traces, marks, known }) => ({
    evidence: {
      traces: traces.length,
      errors: traces.reduce((sum, { errorCount }) => sum + errorCount, 0),
      marks: marks.length,
      faults: known.runs.length,
    },
    violations: [...traces.flatMap(misattributed), ...misleading(marks, known)],
  }),
});

function misattributed({
  traceId,
  orderId,
  errorCount,
  injectedCount,
  faults,
}: Attributions['traces'][number]): Violation[] {
  const wrong =
    injectedCount > errorCount
      ? `has ${injectedCount} injected errors among ${errorCount}`
      : injectedCount > 0 && faults.length === 0
        ? `has ${injectedCount} injected errors, and no fault has touched it`
        : null;
  return wrong === null ? [] : [{ subject: traceId, orderId, problem: `Trace ${traceId} ${wrong}.` }];
}

/** One violation per fault that a mark has no right to name. */
function misleading(marks: readonly Mark[], known: KnownFaults): Violation[] {
  const runs = new Map(known.runs.map((run) => [run.id, run]));
  const found = new Map<string, Violation>();
  for (const mark of marks) {
    const run = runs.get(mark.faultId);
    // A fault that lingered may have been forgotten since.
    if (run === undefined && mark.startMs - lingersMs < known.sinceMs) continue;
    const wrong = run === undefined ? 'which the chaos engine does not know' : contradiction(mark, run);
    if (wrong === null || found.has(mark.faultId)) continue;
    const problem = `“${mark.name}” of ${mark.service} is marked by ${mark.kind} ${mark.faultId}, ${wrong}.`;
    found.set(mark.faultId, { subject: mark.faultId, orderId: mark.orderId, problem });
  }
  return [...found.values()];
}

function contradiction({ kind, startMs, endMs }: Mark, run: FaultRun): string | null {
  const armedMs = Date.parse(run.armedAt);
  const endedMs = run.endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(run.endedAt);
  // A failpoint marks by its own name.
  if (kind !== run.fault && !kind.startsWith('failpoint ')) return `which is a ${run.fault}`;
  if (endMs < armedMs - skewMs) return `which was armed only ${Math.round(armedMs - endMs)} ms after it`;
  if (startMs > endedMs + lingersMs)
    return `which had been over for ${Math.round((startMs - endedMs) / 60_000)} minutes`;
  const diedUncounted =
    run.endedBy === 'injector-gone' || run.endedBy === 'restart' || uncounted.has(run.fault) || run.uncounted;
  if (run.hits > 0 || diedUncounted || run.endedAt === null || endMs > endedMs - countingMs) return null;
  return 'which has hit nothing';
}

function markOf({ service, name, attributes, startUnixNano, durationNano }: Span, orderId: string | null): Mark[] {
  const [id, kind] = [attributes[names.chaosFaultId], attributes[names.chaosFaultKind]];
  // A failpoint that was armed by hand, past the engine, has no id.
  if (id === undefined) return [];
  const startMs = Number(startUnixNano) / 1e6;
  return [
    { orderId, service, name, faultId: String(id), kind: String(kind), startMs, endMs: startMs + durationNano / 1e6 },
  ];
}
