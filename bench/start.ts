import { startFleet } from '../tests/support/fleet.ts';
import type { BenchResult } from './result.ts';
import { median } from './statistics.ts';

const rounds = 5;

/** Seconds from `orrery up` to all ready, and from `orrery down` to nothing left; the first start is cold and told apart. */
export async function run(): Promise<BenchResult[]> {
  const started = performance.now();
  const fleet = await startFleet();
  const cold = performance.now() - started;
  const starts: number[] = [];
  const stops: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      stops.push(await timed(() => fleet.orrery(['down'])));
      starts.push(await timed(() => fleet.orrery(['up', '--detach', '--json'])));
    }
  } finally {
    await fleet.stop();
  }
  return [
    { name: 'cold start, empty state directory', value: cold / 1000, unit: 's', budget: null },
    {
      name: `warm start → whole fleet ready, median of ${rounds}`,
      value: median(starts) / 1000,
      unit: 's',
      budget: '≤ 5 s',
    },
    { name: `warm start, slowest of ${rounds}`, value: Math.max(...starts) / 1000, unit: 's', budget: null },
    { name: `stop, median of ${rounds}`, value: median(stops) / 1000, unit: 's', budget: '≤ 2 s' },
  ];
}

async function timed(act: () => Promise<{ code: number; stderr: string }>): Promise<number> {
  const started = performance.now();
  const { code, stderr } = await act();
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
  return performance.now() - started;
}
