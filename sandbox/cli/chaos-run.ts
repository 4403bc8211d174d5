import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { AppError, type ErrorCode, isAppError } from '#contracts/errors.ts';
import { PatternName } from '#contracts/sandbox/control-channel.ts';
import { brokenIn, compareRuns, isFollowed, patternWords } from '#contracts/sandbox/experiment-comparison.ts';
import { type Experiment, PatternRef } from '#contracts/sandbox/experiment-file.ts';
import { offsetText } from '#contracts/sandbox/experiment-texts.ts';
import { ExperimentRun } from '#contracts/sandbox/experiments.ts';
import { loadLimits } from '#contracts/sandbox/load-limits.ts';
import { parseExperiment } from '../experiments/parse.ts';
import { readyExperiments } from '../experiments/ready.ts';
import { detectText, durationText, outcomeText, recoverText } from '../experiments/report/facts.ts';
import { reportHtml } from '../experiments/report/html-report.ts';
import { junitXml } from '../experiments/report/junit.ts';
import { repository } from '../supervisor/home.ts';
import { callControl, type Running, requireRunning } from './control-client.ts';
import { wholeNumber } from './options.ts';
import { columns } from './table.ts';

const runsPath = '/v1/experiments/runs';
const pollMs = 500;
/** Times that a run is asked for that is about to begin. */
const mostAsked = 20;
const exitCodes = { passed: 0, lesson: 0, deviated: 1, stopped: 3, 'not-run': 3 } as const;
/** The fleet is not as the file needs it, or not there; the file itself may be right. */
const couldNotBegin: readonly ErrorCode[] = ['unavailable', 'conflict', 'forbidden', 'unauthenticated'];

type RunCommandOptions = { seed: number; without: PatternRef | null; report?: string; junit?: string; json?: boolean };

export function runCommand(): Command {
  return new Command('run')
    .description('carry out an experiment: load, faults on a timeline, probes, and an audit of what is left')
    .argument('<file>', 'an experiment, YAML or JSON; or the name of one in experiments/')
    .option('-s, --seed <n>', 'same seed, same orders, times and decisions', wholeNumber(0, loadLimits.seed), 1)
    .option(
      '--without <pattern@service>',
      'compare: run it as it is, and once more with this pattern switched off, e.g. inbox@workers',
      patternRef,
      null,
    )
    .option('--report <file>', 'write the report as one HTML file')
    .option('--junit <file>', 'write the outcome as JUnit XML')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Exit code 0: everything held, and what was compared broke as it was meant to. 1: something did not, e.g. an invariant is broken, an order was lost, a fault did not
bite. 2: the file or the command line is wrong. 3: it was stopped, or could not begin, e.g. the steady state did not hold.`,
    )
    .action((file: string, options: RunCommandOptions) => runFile(file, options).catch(fail));
}

export function experimentsCommand(): Command {
  return new Command('experiments')
    .description('experiments that are ready to run')
    .option('--json', 'print as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const all = await readyExperiments(path.join(repository, 'experiments'));
      if (json) console.log(JSON.stringify(all, null, 2));
      else console.log(columns(all.map(({ name, experiment, problem }) => [name, experiment?.title ?? `${problem}`])));
    });
}

async function runFile(file: string, { seed, without, report, junit, json }: RunCommandOptions): Promise<void> {
  const experiment = await readExperiment(file);
  const running = await requireRunning();
  const started = ExperimentRun.parse(
    await callControl(running, runsPath, { method: 'POST', body: { experiment, seed, without }, timeoutMs: 30_000 }),
  );
  let current = started.run;
  let asked = false;
  const interrupted = () => {
    // Once more leaves it to the supervisor, which rolls back all the same.
    if (asked) process.exit(exitCodes.stopped);
    asked = true;
    console.error('stopping: rollbacks run. Ctrl-C again leaves them to the supervisor.');
    const url = `${runsPath}/${current}`;
    callControl(running, url, { method: 'DELETE' }).catch((error: Error) => console.error(error.message));
  };
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
  const first = await follow(running, current, json === true);
  let second: ExperimentRun | null = null;
  if (first.comparison !== null && isFollowed(first)) {
    current = first.comparison.other;
    if (!json) console.error(`\nonce more without ${patternWords(first.comparison.without)}\n`);
    await begun(running, current);
    second = await follow(running, current, json === true);
  }
  const runs = second === null ? [first] : [first, second];
  if (report !== undefined) await write(report, reportHtml(second ?? first, second === null ? null : first));
  if (junit !== undefined) await write(junit, junitXml(...runs));
  if (json) console.log(JSON.stringify(without === null ? first : { with: first, without: second }, null, 2));
  else {
    for (const run of runs) print(run);
    if (second !== null) printComparison(first, second);
  }
  const codes = runs.map(({ outcome }) => (outcome === null ? exitCodes.stopped : exitCodes[outcome]));
  process.exitCode = Math.max(...codes);
}

/** The second half of a comparison begins by itself, a moment after the first is over. */
async function begun(running: Running, run: string): Promise<void> {
  for (let asked = 0; ; asked += 1) {
    try {
      await callControl(running, `${runsPath}/${run}`);
      return;
    } catch (error) {
      if (!isAppError(error) || error.code !== 'not_found') throw error;
      if (asked >= mostAsked)
        throw new AppError('conflict', 'the half without the pattern did not begin', { cause: error });
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

function printComparison(withIt: ExperimentRun, withoutIt: ExperimentRun): void {
  const rows = compareRuns(withIt, withoutIt).map((row) => [row.what, row.with, row.without]);
  console.log(`\n${columns([['', 'with', 'without'], ...rows])}`);
  for (const { id, name, problem } of brokenIn(withoutIt)) console.log(`  ${id} (${name}): ${problem}`);
}

function fail(error: unknown): void {
  if (!isAppError(error)) throw error;
  console.error(error.message);
  process.exitCode = couldNotBegin.includes(error.code) ? 3 : 2;
}

/** Prints entries as they come, to stderr, so that stdout holds the outcome alone. */
async function follow(running: Running, id: string, quiet: boolean): Promise<ExperimentRun> {
  for (let told = 0; ; ) {
    const run = ExperimentRun.parse(await callControl(running, `${runsPath}/${id}`));
    for (const { at, text } of run.entries.slice(told)) {
      if (!quiet) console.error(`${offsetText(run, at).padStart(9)}  ${text}`);
    }
    told = run.entries.length;
    if (run.phase === 'over') return run;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** A path, or the name of a ready one. Throws `invalid_argument` with where and what. */
async function readExperiment(file: string): Promise<Experiment> {
  const ready = path.join(repository, 'experiments', `${file}.yaml`);
  const candidates = path.basename(file) === file && path.extname(file) === '' ? [file, ready] : [file];
  for (const candidate of candidates) {
    const text = await readFile(candidate, 'utf8').catch(() => null);
    if (text !== null) return parseExperiment(text, candidate);
  }
  throw new AppError(
    'invalid_argument',
    `${file} cannot be read; \`orrery chaos experiments\` lists those that are ready`,
  );
}

/** `pattern@service`. */
function patternRef(text: string): PatternRef {
  const [pattern, service, more] = text.split('@');
  const parsed = PatternRef.safeParse({ pattern, service });
  if (parsed.success && more === undefined) return parsed.data;
  throw new InvalidArgumentError(`It must be pattern@service; patterns are ${PatternName.options.join(', ')}.`);
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((cause: Error) => {
    throw new AppError('invalid_argument', `${file} cannot be written: ${cause.message}`, { cause });
  });
}

function print(run: ExperimentRun): void {
  const rows = run.faults.map((fault) => [
    fault.name,
    fault.run === null ? 'not armed' : `${fault.run.hits} hits`,
    detectText(fault),
    recoverText(fault),
  ]);
  if (rows.length > 0)
    console.log(`${columns([['fault', 'touched', 'detected after', 'recovered after'], ...rows])}\n`);
  const { load, verdicts } = run;
  if (load !== null) {
    const p95 = load.accepted.p95 === null ? 'unknown' : durationText(load.accepted.p95);
    console.log(`${load.due} orders: ${load.ok} acknowledged, ${load.fail} refused, ${load.info} unknown; p95 ${p95}`);
    console.log(`${load.confirmed} confirmed, ${load.cancelled} cancelled, ${load.lostCount} lost`);
  }
  if (verdicts !== null) {
    const count = (state: string) => verdicts.filter((verdict) => verdict.state === state).length;
    console.log(`invariants: ${count('valid')} valid, ${count('invalid')} invalid, ${count('unknown')} unknown`);
  }
  const half = run.comparison === null ? '' : ` ${run.comparison.part} ${patternWords(run.comparison.without)}`;
  console.log(`\n${run.experiment.title}${half}: ${outcomeText(run)} (seed ${run.seed}, run ${run.run})`);
  for (const text of run.shown) console.log(`  ! ${text}`);
  for (const deviation of run.deviations) console.log(`  ✗ ${deviation}`);
}
