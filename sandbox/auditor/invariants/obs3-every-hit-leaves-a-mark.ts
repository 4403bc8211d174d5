import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { fleetInvariant } from './invariant.ts';

export type HitFault = Pick<FaultRun, 'id' | 'fault' | 'target' | 'hits'> & {
  /** Traces with a span that carries its id; as many as were looked for. */
  marked: number;
};

export type Hits = {
  faults: HitFault[];
  /** Traces that the store holds, as many as were looked for. */
  traces: number;
  /** Why nothing can be said. */
  unknown?: string;
};

/** Injected inside a service, in the middle of the span that they touch: each hit is marked where it happens. */
export const markAtOnce: ReadonlySet<string> = new Set([
  ...['http-errors', 'grpc-errors', 'inference-slow', 'late-payment', 'declines'],
  ...['poison-message', 'failing-handler', 'failing-compensation', 'slow-consumer', 'duplicates'],
]);
/** Spans are exported in batches, a few seconds after the work; a slow one ends long after it was hit. */
const settleMs = 20_000;
const retryMs = 1_000;
/** Later the store may have dropped what they touched. */
const lookBackMs = 15 * 60_000;

export const obs3 = fleetInvariant<Hits>({
  id: 'OBS3',
  name: 'Every hit leaves its mark',
  kind: 'observability',
  statement:
    'What the chaos engine counts as hits of a fault is seen in the traces: a fault that marks spans where it happens, and has hit, has marked at least one. Judged are those of the last 15 minutes that were armed since the last start of a process, which may take its last spans with it, and that no other fault overlapped, which may have marked over them.',
  deadlineMs: null,
  everyMs: 10_000,
  async load({ traces, faults, nowMs, lastStartMs, final }) {
    const [held, { runs }] = await Promise.all([traces.search([], 1), faults.known()]);
    if (lastStartMs === null)
      return { faults: [], traces: held.length, unknown: 'nobody says when processes were started' };
    const candidates = runs.filter((run) => isOwed(run, runs, { nowMs, lastStartMs, final }));
    const found: HitFault[] = [];
    for (const { id, fault, target, hits, endedAt } of candidates) {
      const marked = async () => (await traces.search([{ field: names.chaosFaultId, op: 'eq', value: id }], 10)).length;
      let seen = await marked();
      const endedMs = Date.parse(endedAt ?? '');
      for (let atMs = nowMs; seen === 0 && final && atMs - endedMs < settleMs; atMs += retryMs) {
        await sleep(retryMs);
        seen = await marked();
      }
      found.push({ id, fault, target, hits, marked: seen });
    }
    return { faults: found, traces: held.length };
  },
  check: ({ faults, traces, unknown }) => ({
    // Where nothing has hit, nothing is owed; that there are traces to look into is what stands for it.
    evidence: {
      [faults.length > 0 ? 'faults' : 'traces']: faults.length > 0 ? faults.length : traces,
      hits: faults.reduce((sum, { hits }) => sum + hits, 0),
    },
    ...(unknown === undefined ? {} : { unknown }),
    violations: faults
      .filter(({ marked }) => marked === 0)
      .map(({ id, fault, target, hits }) => ({
        subject: id,
        orderId: null,
        problem: `${fault} ${id} on ${target} has hit ${hits} times, and no span carries its mark.`,
      })),
  }),
});

/** Whether the fault must have left a mark by now. */
export function isOwed(
  run: FaultRun,
  all: readonly FaultRun[],
  { nowMs, lastStartMs, final }: { nowMs: number; lastStartMs: number; final: boolean },
): boolean {
  const spanOf = ({ armedAt, endedAt }: FaultRun) => ({
    fromMs: Date.parse(armedAt),
    toMs: endedAt === null ? Number.POSITIVE_INFINITY : Date.parse(endedAt),
  });
  const { fromMs, toMs } = spanOf(run);
  const isSettled = final ? toMs <= nowMs : nowMs - toMs > settleMs;
  const isAlone = all.every((other) => {
    const { fromMs: from, toMs: to } = spanOf(other);
    return other.id === run.id || to < fromMs || from > toMs;
  });
  return (
    markAtOnce.has(run.fault) &&
    run.hits > 0 &&
    isSettled &&
    nowMs - toMs < lookBackMs &&
    fromMs > lastStartMs &&
    isAlone
  );
}
