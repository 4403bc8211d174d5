import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { exportTargets } from '#sandbox/exporters/export.ts';
import type { BenchResult } from './result.ts';
import { median, percentile } from './statistics.ts';

const processes = 5;
const rounds = 11;
const script = join(import.meta.dirname, 'export-target.ts');

/**
 * How long each target takes from options to text, report included: what a change of an option costs in the console.
 * The first render in a process is told apart, because nothing is compiled yet; what `orrery export` adds to it is the
 * start of a process, and writing the files.
 */
export async function run(): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const target of [...exportTargets, 'all']) {
    const first: number[] = [];
    const later: number[] = [];
    for (let n = 0; n < processes; n += 1) {
      const [cold = Number.NaN, ...warm] = await renders(target);
      first.push(cold);
      later.push(...warm);
    }
    const figure = (what: string, value: number, budget: string | null): BenchResult => ({
      name: `${target}, ${what}`,
      value,
      unit: 'ms',
      budget,
    });
    results.push(
      figure(`median of ${later.length}`, median(later), '≤ 300 ms'),
      figure('p95', percentile(later, 0.95), '≤ 300 ms'),
      figure(`first in a process, median of ${processes}`, median(first), null),
    );
  }
  return results;
}

async function renders(target: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, target, String(rounds)]);
  return z.array(z.number()).parse(JSON.parse(stdout));
}
