import type { LoadPlan, LoadRun } from '#contracts/sandbox/load.ts';

/** A run of fifty orders that all went well, as it is while it places them. */
export function loadRun(plan: LoadPlan, startedAt: string): LoadRun {
  const latency = { count: 50, p50: 10, p90: 12, p95: 20, p99: 30, max: 40 };
  return {
    run: 'load-1',
    plan,
    phase: 'placing',
    startedAt,
    endedAt: null,
    ratePerSecond: plan.ratePerSecond,
    due: 50,
    inFlight: 0,
    ok: 50,
    fail: 0,
    info: 0,
    confirmed: 50,
    cancelled: 0,
    cancellations: { ok: 0, fail: 0, info: 0 },
    open: 0,
    lost: [],
    lostCount: 0,
    accepted: latency,
    saga: latency,
    lateness: latency,
    samples: [
      { fromSeconds: 0, seconds: 2, due: 10, ok: 9, fail: 1, info: 0, ended: 9, acceptedP95Ms: 20, sagaP95Ms: 40 },
    ],
    errors: {},
    historyFile: '/nowhere/load-1.jsonl',
    problem: null,
  };
}
