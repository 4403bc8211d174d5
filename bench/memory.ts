import { readFileSync } from 'node:fs';
import { startFleet } from '../tests/support/fleet.ts';
import { openShop } from '../tests/support/shop.ts';
import type { BenchResult } from './result.ts';

/** The supervisor walks the pages of each process once a minute (sandbox/supervisor/sampler.ts). */
const restMs = 65_000;

/** Memory of everything after 50 orders and a rest, proportional set size per process as the supervisor reads it. */
export async function run(): Promise<BenchResult[]> {
  const fleet = await startFleet();
  try {
    const shop = await openShop(fleet);
    for (let n = 0; n < 50; n += 1) await shop.finished(await shop.placed());
    await new Promise((resolve) => setTimeout(resolve, restMs));
    const results: BenchResult[] = [];
    for (const name of Object.keys(fleet.state().processes)) {
      const { memoryBytes } = await fleet.process(name);
      results.push({ name, value: (memoryBytes ?? Number.NaN) / 2 ** 20, unit: 'MiB', budget: null });
    }
    results.push({
      name: 'supervisor',
      value: proportionalSetMiB(fleet.state().supervisor.pid),
      unit: 'MiB',
      budget: null,
    });
    const sum = results.reduce((total, { value }) => total + value, 0);
    return [...results, { name: 'everything', value: sum, unit: 'MiB', budget: '≤ 1,400, aim 1,000' }];
  } finally {
    await fleet.stop();
  }
}

/** Linux only; NaN elsewhere. */
function proportionalSetMiB(pid: number): number {
  try {
    const match = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return Number(match?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
