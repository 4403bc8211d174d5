import { existsSync } from 'node:fs';
import { controls } from './support/controls.ts';
import { type GateResult, runGate } from './support/gate.ts';
import { root } from './support/paths.ts';

/*
 * `npm run check`: types, lint and format, import direction. Each gate is followed by its negative control: the same
 * gate over a small tree that is wrong on purpose must fail and name what is wrong, because a gate that looks at
 * nothing passes too.
 */
const sources = ['contracts', 'services', 'sandbox', 'components', 'app', 'tests', 'bench'].filter((folder) =>
  existsSync(`${root}/${folder}`),
);

const gates: { name: string; run: () => Promise<GateResult> }[] = [
  // Next writes the types of its routes; tsc over a fresh clone does not know them before.
  { name: 'types of routes', run: () => runGate('next', ['typegen'], root) },
  { name: 'types', run: () => runGate('tsc', ['--noEmit', '--project', 'tsconfig.json'], root) },
  { name: 'lint and format', run: () => runGate('biome', ['check', '--error-on-warnings', '.'], root) },
  {
    name: 'import direction',
    run: () => runGate('depcruise', ['--config', '.dependency-cruiser.cjs', ...sources], root),
  },
];

let passed = 0;
let failed = 0;
for (const gate of gates) {
  const result = await gate.run();
  report(gate.name, result.code === 0, result.output);
}
for (const control of await controls()) report(`control: ${control.name}`, control.ok, control.output);
console.log(`check: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function report(name: string, ok: boolean, output: string): void {
  if (ok) passed += 1;
  else failed += 1;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`);
  if (!ok) console.log(output.trimEnd());
}
