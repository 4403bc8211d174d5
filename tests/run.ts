import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './support/chromium.ts';
import { root } from './support/paths.ts';

/*
 * `npm test`: check, unit, flows (a real fleet), chaos (the same, killed
 * at chosen places), e2e (a real fleet in real Chromium), or only the phases named on the
 * command line. Ends with `N passed, N failed`, counted from what the runners report.
 *
 * With CI set, a test that fails is tried once more, and one that passes then is named as flaky: whoever reads the log
 * owes it a cause. In chaos only what did not come in time is tried again: one broken invariant is one too many.
 */
type Counts = { passed: number; failed: number; skipped?: number; flaky?: string[] };

const tries = process.env.CI === undefined ? 0 : 1;
const late = '^(not within|Test timed out) ';

const results = mkdtempSync(join(tmpdir(), 'orrery-test-'));

const phases: Record<string, () => Promise<Counts>> = {
  check: async () => {
    const { output, code } = await run('node', ['tests/check.ts'], {});
    return countsOf(/^check: (\d+) passed, (\d+) failed$/m, output, code);
  },
  unit: () => vitest('unit', 'vitest.config.ts'),
  flows: () => vitest('flows', 'tests/flows/vitest.config.ts'),
  chaos: () => vitest('chaos', 'tests/chaos/vitest.config.ts', late),
  e2e: async () => {
    const file = join(results, 'e2e.json');
    const { code } = await run('playwright', ['test', `--retries=${tries}`], {
      ORRERY_CHROMIUM: await findChromium(),
      PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    });
    const { stats, suites } = readReport<PlaywrightReport>(file);
    const { expected, flaky, unexpected: failed, skipped } = stats;
    return atLeastOneFailure({ passed: expected + flaky, failed, skipped, flaky: suites.flatMap(flakyStories) }, code);
  },
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in phases));
if (unknown.length > 0) {
  console.error(`unknown phase ${unknown.join(', ')}; there are ${Object.keys(phases).join(', ')}`);
  process.exit(2);
}

const total: Counts = { passed: 0, failed: 0 };
let skipped = 0;
const flaky: string[] = [];
for (const [name, phase] of Object.entries(phases)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const started = performance.now();
  console.log(`\n── ${name} ──`);
  const counts: Counts = await phase().catch((error: unknown): Counts => {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  });
  console.log(
    `── ${name}: ${counts.passed} passed, ${counts.failed} failed in ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  total.passed += counts.passed;
  total.failed += counts.failed;
  skipped += counts.skipped ?? 0;
  flaky.push(...(counts.flaky ?? []).map((title) => `${name}: ${title}`));
}
rmSync(results, { recursive: true, force: true });
for (const title of flaky) console.log(`flaky (passed at the second try): ${title}`);
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

/** @param again - what the message of a failure must match to be tried again; without it, any is. */
async function vitest(name: string, config: string, again?: string): Promise<Counts> {
  const file = join(results, `${name}.json`);
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
  const retry = [`--retry.count=${tries}`, ...(again === undefined ? [] : [`--retry.condition=${again}`])];
  const args = ['run', '--config', config, ...retry, ...reporters];
  const { code } = await run('vitest', args, {});
  const report = readReport<VitestReport>(file);
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = report;
  // What failed at first keeps its errors.
  const flaky = report.testResults
    .flatMap((one) => one.assertionResults)
    .filter((one) => one.status === 'passed' && one.failureMessages.length > 0)
    .map((one) => `${one.fullName}\n  ${one.failureMessages[0]}`);
  return atLeastOneFailure({ passed, failed, skipped, flaky }, code);
}

type VitestReport = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: { assertionResults: { fullName: string; status: string; failureMessages: string[] }[] }[];
};

type PlaywrightReport = {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  suites: PlaywrightSuite[];
};

type PlaywrightSuite = {
  suites?: PlaywrightSuite[];
  specs: { title: string; tests: { status: string; results: { error?: { message?: string } }[] }[] }[];
};

function flakyStories(suite: PlaywrightSuite): string[] {
  const own = suite.specs.flatMap((spec) =>
    spec.tests
      .filter((one) => one.status === 'flaky')
      .map((one) => `${spec.title}\n  ${one.results[0]?.error?.message ?? 'without a message'}`),
  );
  return [...own, ...(suite.suites ?? []).flatMap(flakyStories)];
}

/** A runner that exits non-zero without a failed test (a crash, a suite that did not load) counts as one failure. */
function atLeastOneFailure(counts: Counts, code: number): Counts {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function countsOf(line: RegExp, output: string, code: number): Counts {
  const match = line.exec(output);
  return atLeastOneFailure({ passed: Number(match?.[1] ?? 0), failed: Number(match?.[2] ?? 0) }, code);
}

function readReport<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

function run(tool: string, args: string[], env: Record<string, string>): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules', '.bin', tool), args, {
      cwd: root,
      // Colours are for a terminal; a log of them is noise.
      env: { ...process.env, ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }), ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
