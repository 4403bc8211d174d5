import type { LoadRun } from '#contracts/sandbox/load.ts';
import { cpuSeconds } from '#sandbox/supervisor/usage.ts';
import { type Fleet, startFleet } from '../tests/support/fleet.ts';
import { offer } from './offer.ts';
import type { BenchResult } from './result.ts';
import { searchRate } from './search-rate.ts';

/** As in docs/perf/cpu-per-order.md: by then the code that every order runs is compiled. */
const warmUp = { ratePerSecond: 15, seconds: 20 };
const light = { ratePerSecond: 20, seconds: 20 };
const counted = { ratePerSecond: 50, seconds: 10 };
const steps = [50, 100, 150].map((ratePerSecond) => ({ ratePerSecond, seconds: 10 }));
/** What counts as sustained: nothing refused or lost, and sagas end soon although orders keep coming. */
const sustained = { seconds: 15, sagaP95Ms: 2_000, start: 80, least: 5, most: 640 };

/**
 * Orders at a constant, open-loop rate (sandbox/load): accepted and saga time count from when an order was due. CPU per
 * order is what each process used from the first order to the end of the last, Postgres with its backends.
 */
export async function run(): Promise<BenchResult[]> {
  const fleet = await startFleet({ without: ['console'] });
  try {
    await offer(fleet, warmUp.ratePerSecond, warmUp.seconds);
    const calm = await offer(fleet, light.ratePerSecond, light.seconds);
    return [
      ...latencies(calm, `at ${light.ratePerSecond}/s`, { accepted: '≤ 25 ms', saga: '≤ 250 ms' }),
      ...(await cpuPerOrder(fleet)),
      ...(await eachStep(fleet)),
      await sustainedRate(fleet),
    ];
  } finally {
    await fleet.stop();
  }
}

async function eachStep(fleet: Fleet): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const { ratePerSecond, seconds } of steps) {
    const outcome = await offer(fleet, ratePerSecond, seconds);
    const label = `at ${ratePerSecond}/s offered`;
    results.push(
      { name: `${label}: accepted p95`, value: outcome.accepted.p95 ?? Number.NaN, unit: 'ms', budget: null },
      { name: `${label}: saga p95`, value: outcome.saga.p95 ?? Number.NaN, unit: 'ms', budget: null },
      {
        name: `${label}: finished per second until drained`,
        value: (outcome.confirmed + outcome.cancelled) / secondsOf(outcome),
        unit: '/s',
        budget: '≥ 100/s',
      },
      ...(
        [
          ['refused', outcome.fail],
          ['unknown (5xx or no answer in time)', outcome.info],
          ['acknowledged and lost', outcome.lostCount],
        ] as const
      ).map(([what, value]): BenchResult => ({ name: `${label}: ${what}`, value, unit: 'orders', budget: '0' })),
    );
  }
  return results;
}

async function sustainedRate(fleet: Fleet): Promise<BenchResult> {
  const rate = await searchRate(async (ratePerSecond) => {
    const { fail, info, lostCount, saga } = await offer(fleet, ratePerSecond, sustained.seconds);
    return fail + info + lostCount === 0 && (saga.p95 ?? Number.POSITIVE_INFINITY) < sustained.sagaP95Ms;
  }, sustained);
  const name = `sustained ${sustained.seconds} s: none refused or lost, saga p95 < ${sustained.sagaP95Ms / 1_000} s`;
  return { name, value: rate ?? 0, unit: '/s', budget: '≥ 100/s, aim 200' };
}

/** Milliseconds of CPU per order by process, the largest first, at a rate that is neither idle nor full. */
async function cpuPerOrder(fleet: Fleet): Promise<BenchResult[]> {
  const pids = new Map([['supervisor', fleet.state().supervisor.pid]]);
  for (const [name, { pid }] of Object.entries(fleet.state().processes)) if (pid !== null) pids.set(name, pid);
  const readAll = async () =>
    new Map(await Promise.all([...pids].map(async ([name, pid]) => [name, await ownCpuSeconds(name, pid)] as const)));
  const before = await readAll();
  const { ok } = await offer(fleet, counted.ratePerSecond, counted.seconds);
  const after = await readAll();
  const label = (name: string) => `CPU per order at ${counted.ratePerSecond}/s: ${name}`;
  const results = [...pids.keys()].map((name): BenchResult => {
    const usedSeconds = (after.get(name) ?? Number.NaN) - (before.get(name) ?? Number.NaN);
    return { name: label(name), value: (usedSeconds * 1_000) / ok, unit: 'ms', budget: null };
  });
  results.sort((a, b) => b.value - a.value);
  const sum = results.reduce((total, { value }) => total + value, 0);
  return [{ name: label('everything'), value: sum, unit: 'ms', budget: '≤ 20 ms for 100/s on 2 cores' }, ...results];
}

/** The supervisor's children are the fleet, which is counted by itself. */
async function ownCpuSeconds(name: string, pid: number): Promise<number> {
  return (await cpuSeconds(pid, { children: name !== 'supervisor' })) ?? Number.NaN;
}

function latencies(run: LoadRun, label: string, budget: { accepted: string; saga: string }): BenchResult[] {
  const row = (name: string, value: number | null, bar: string | null): BenchResult => ({
    name: `${name} ${label}`,
    value: value ?? Number.NaN,
    unit: 'ms',
    budget: bar,
  });
  return [
    row('accepted p50', run.accepted.p50, null),
    row('accepted p95', run.accepted.p95, budget.accepted),
    row('saga ended p50', run.saga.p50, null),
    row('saga ended p95', run.saga.p95, budget.saga),
    row('sent late by p95', run.lateness.p95, null),
  ];
}

function secondsOf({ startedAt, endedAt }: LoadRun): number {
  return (Date.parse(endedAt ?? startedAt) - Date.parse(startedAt)) / 1_000;
}
