import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { AppError, type ErrorCode, isAppError } from '#contracts/errors.ts';
import type { Experiment } from '#contracts/sandbox/experiment-file.ts';
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

const pollMs = 500;
const exitCodes = { passed: 0, deviated: 1, stopped: 3, 'not-run': 3 } as const;
/** The fleet is not as the file needs it, or not there; the file itself may be right. */
const couldNotBegin: readonly ErrorCode[] = ['unavailable', 'conflict', 'forbidden', 'unauthenticated'];

type RunCommandOptions = { seed: number; report?: string; junit?: string; json?: boolean };

export function runCommand(): Command {
  return new Command('run')
    .description('carry out an experiment: load, faults on a timeline, probes, and an audit of what is left')
    .argument('<file>', 'an experiment, YAML or JSON; or the name of one in experiments/')
    .option('-s, --seed <n>', 'same seed, same orders, times and decisions', wholeNumber(0, loadLimits.seed), 1)
    .option('--report <file>', 'write the report as one HTML file')
    .option('--junit <file>', 'write the outcome as JUnit XML')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Exit code 0: everything held. 1: something did not, e.g. an invariant is broken, an order was lost, a fault did not
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

async function runFile(file: string, { seed, report, junit, json }: RunCommandOptions): Promise<void> {
  const experiment = await readExperiment(file);
  const running = await requireRunning();
  const started = ExperimentRun.parse(
    await callControl(running, '/v1/experiments/runs', {
      method: 'POST',
      body: { experiment, seed },
      timeoutMs: 30_000,
    }),
  );
  const url = `/v1/experiments/runs/${started.run}`;
  let asked = false;
  const interrupted = () => {
    // Once more leaves it to the supervisor, which rolls back all the same.
    if (asked) process.exit(exitCodes.stopped);
    asked = true;
    console.error('stopping: rollbacks run. Ctrl-C again leaves them to the supervisor.');
    callControl(running, url, { method: 'DELETE' }).catch((error: Error) => console.error(error.message));
  };
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
  const run = await follow(running, url, json === true);
  if (report !== undefined) await write(report, reportHtml(run));
  if (junit !== undefined) await write(junit, junitXml(run));
  if (json) console.log(JSON.stringify(run, null, 2));
  else print(run);
  process.exitCode = run.outcome === null ? exitCodes.stopped : exitCodes[run.outcome];
}

function fail(error: unknown): void {
  if (!isAppError(error)) throw error;
  console.error(error.message);
  process.exitCode = couldNotBegin.includes(error.code) ? 3 : 2;
}

/** Prints entries as they come, to stderr, so that stdout holds the outcome alone. */
async function follow(running: Running, url: string, quiet: boolean): Promise<ExperimentRun> {
  for (let told = 0; ; ) {
    const run = ExperimentRun.parse(await callControl(running, url));
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
  console.log(`\n${run.experiment.title}: ${outcomeText(run)} (seed ${run.seed}, run ${run.run})`);
  for (const deviation of run.deviations) console.log(`  ✗ ${deviation}`);
}
