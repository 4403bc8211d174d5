import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type GateResult, runGate } from './gate.ts';
import { root } from './paths.ts';

type Control = { name: string; ok: boolean; output: string };

/** A tree in which every rule is broken once; each file says by its content which. */
const wrongTree: Record<string, string> = {
  'contracts/wrong.ts': "import '../services/alpha/model.ts';\n",
  'services/kit/wrong.ts': "import '../alpha/model.ts';\n",
  'services/alpha/model.ts': "import '../beta/model.ts';\nimport 'kafkajs';\n",
  'services/beta/model.ts': 'export const beta = 1;\n',
  'sandbox/broker/wrong.ts': "import '../telemetry/store.ts';\nimport '../../services/beta/model.ts';\n",
  'sandbox/telemetry/store.ts': "import '../telemetry/cycle.ts';\n",
  'sandbox/telemetry/cycle.ts': "import './store.ts';\nimport './nowhere.ts';\n",
  'app/page.tsx': "import '../services/beta/model.ts';\n",
  'app/api/_server/router.ts': 'export const router = 1;\n',
  'components/wrong.tsx': "import '../app/api/_server/router.ts';\n",
};

const importRules = [
  'contracts-depend-on-zod-only',
  'kit-knows-no-service',
  'services-are-islands',
  'sandbox-knows-no-service-code',
  'sandbox-parts-stand-alone',
  'console-uses-the-network',
  'components-never-fetch',
  'kafkajs-stays-in-the-kit',
  'no-cycles',
  'no-unresolved',
];

/** Runs every gate over a tree that must fail it. */
export async function controls(): Promise<Control[]> {
  const tree = mkdtempSync(join(tmpdir(), 'orrery-controls-'));
  try {
    for (const config of ['tsconfig.json', 'biome.json', '.dependency-cruiser.cjs', 'package.json']) {
      cpSync(join(root, config), join(tree, config));
    }
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
    for (const [file, text] of Object.entries(wrongTree)) put(tree, file, text);
    const imports = await runGate(
      'depcruise',
      ['--config', '.dependency-cruiser.cjs', 'contracts', 'services', 'sandbox', 'app', 'components'],
      tree,
    );
    rmSync(join(tree, 'sandbox'), { recursive: true });
    put(tree, 'contracts/wrong.ts', 'export const total: number = "12";\n');
    const types = await runGate('tsc', ['--noEmit', '--incremental', 'false', '--project', 'tsconfig.json'], tree);
    put(tree, 'contracts/wrong.ts', 'export function f(x: any) {\n    console.log(x)\n}\n');
    const lint = await runGate('biome', ['check', '--vcs-enabled=false', '.'], tree);
    return [
      names('types', types, ['TS2322']),
      names('lint and format', lint, ['noExplicitAny', 'noConsole', 'format']),
      ...importRules.map((rule) => names(rule, imports, [rule])),
    ];
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

function put(tree: string, file: string, text: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text);
}

/** The gate must fail and name each of these; anything else means that it looked at nothing. */
function names(name: string, result: GateResult, expected: string[]): Control {
  const missing = expected.filter((word) => !result.output.includes(word));
  const ok = result.code !== 0 && missing.length === 0;
  return { name, ok, output: `exit ${result.code}, not named: ${missing.join(', ')}\n${result.output}` };
}
