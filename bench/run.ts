import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Bench, BenchResult } from './result.ts';

/*
 * `npm run bench [NAME …]`: runs the named benchmarks (all without a name), prints a table with machine facts, and
 * writes the figures to bench/results/ (git-ignored). Figures are for people; no test asserts them.
 */
const benches: Record<string, () => Promise<{ run: Bench }>> = {
  start: () => import('./start.ts'),
  orders: () => import('./orders.ts'),
  memory: () => import('./memory.ts'),
  telemetry: () => import('./telemetry.ts'),
  console: () => import('./console.ts'),
  chaos: () => import('./chaos.ts'),
  export: () => import('./export.ts'),
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`unknown benchmark ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}

const machine = {
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  platform: `${platform()} ${arch()}`,
  node: process.version,
};
console.log(
  `${machine.cpu} · ${machine.cores} cores · ${machine.memoryGiB} GiB · ${machine.platform} · Node ${machine.node}`,
);

for (const [name, load] of Object.entries(benches)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(`\n${name}`);
  const { run } = await load();
  const results = await run();
  for (const result of results) console.log(`  ${line(result)}`);
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const at = new Date().toISOString();
  writeFileSync(
    join(folder, `${name}-${at.replaceAll(':', '-')}.json`),
    `${JSON.stringify({ name, at, machine, results }, null, 2)}\n`,
  );
}

function line({ name, value, unit, budget }: BenchResult): string {
  const figure = value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
  return `${name.padEnd(52)} ${figure.padStart(10)} ${unit.padEnd(8)}${budget ? ` budget ${budget}` : ''}`;
}
