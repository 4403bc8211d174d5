import { cpuSeconds } from '#sandbox/supervisor/usage.ts';
import { type Fleet, startFleet } from '../tests/support/fleet.ts';
import { openShop } from '../tests/support/shop.ts';
import { lookRatios } from './chaos-agent.ts';
import { offer } from './offer.ts';
import { type Pair, pairs, ratios } from './paired.ts';
import type { BenchResult } from './result.ts';
import { median } from './statistics.ts';

const warmUp = { ratePerSecond: 20, seconds: 5 };
const counted = { ratePerSecond: 30, seconds: 6 };
const rounds = 12;

type Figures = { cpuMs: number; proxyMs: number; acceptedMs: number; sagaMs: number };

/**
 * What faults cost while there is none. Two fleets side by side, one with a proxy on every edge and one without; orders
 * are offered to them in turns, so that whatever else the machine does hits both alike.
 */
export async function run(): Promise<BenchResult[]> {
  const proxied = await startFleet({ without: ['console'] });
  try {
    const direct = await startFleet({ without: ['console', 'toxics'] });
    try {
      for (const fleet of [proxied, direct]) await offer(fleet, warmUp.ratePerSecond, warmUp.seconds);
      const found = await pairs(rounds, { with: () => measure(proxied), without: () => measure(direct) });
      const only = (read: (figures: Figures) => number): Pair[] =>
        found.map((pair) => ({ with: read(pair.with), without: read(pair.without) }));
      const cpu = only(({ cpuMs }) => cpuMs);
      const proxyAlone = found.map((pair) => ({ with: pair.with.cpuMs, without: pair.with.cpuMs - pair.with.proxyMs }));
      return [
        ratioRow('idle proxy: CPU per order', cpu, '≤ 1.05'),
        ratioRow('  of which the proxy process itself', proxyAlone),
        ratioRow('idle proxy: accepted p50', only(accepted)),
        ratioRow('idle proxy: saga p50', only(saga)),
        row('CPU per order with proxies, median', median(cpu.map((pair) => pair.with)), 'ms'),
        row('CPU per order without, median', median(cpu.map((pair) => pair.without)), 'ms'),
        row('CPU per order of the proxy process, median', median(found.map((pair) => pair.with.proxyMs)), 'ms'),
        ...(await lookRatios(proxied, await openShop(proxied), median(cpu.map((pair) => pair.with)))),
      ];
    } finally {
      await direct.stop();
    }
  } finally {
    await proxied.stop();
  }
}

async function measure(fleet: Fleet): Promise<Figures> {
  const before = await cpuOfEach(fleet);
  const run = await offer(fleet, counted.ratePerSecond, counted.seconds);
  const after = await cpuOfEach(fleet);
  const usedMs = (name: string) => (((after.get(name) ?? 0) - (before.get(name) ?? 0)) * 1_000) / run.ok;
  return {
    cpuMs: [...before.keys()].reduce((sum, name) => sum + usedMs(name), 0),
    proxyMs: usedMs('toxics'),
    acceptedMs: run.accepted.p50 ?? Number.NaN,
    sagaMs: run.saga.p50 ?? Number.NaN,
  };
}

/** Without the supervisor, which does the same for both. */
async function cpuOfEach(fleet: Fleet): Promise<Map<string, number>> {
  const rows = Object.entries(fleet.state().processes).map(
    async ([name, { pid }]) => [name, pid === null ? Number.NaN : ((await cpuSeconds(pid)) ?? Number.NaN)] as const,
  );
  return new Map(await Promise.all(rows));
}

const accepted = ({ acceptedMs }: Figures) => acceptedMs;
const saga = ({ sagaMs }: Figures) => sagaMs;

function ratioRow(name: string, found: readonly Pair[], budget: string | null = null): BenchResult {
  const { median: value, from, to } = ratios(found);
  return { name: `${name}, with / without (half: ${from.toFixed(3)}–${to.toFixed(3)})`, value, unit: '×', budget };
}

const row = (name: string, value: number, unit: string): BenchResult => ({ name, value, unit, budget: null });
