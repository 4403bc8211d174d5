import { Command, InvalidArgumentError, Option } from 'commander';
import { AppError } from '#contracts/errors.ts';
import { type LoadMix, LoadPlan, type LoadRun } from '#contracts/sandbox/load.ts';
import { loadKinds, loadLimits } from '#contracts/sandbox/load-limits.ts';
import { historyFileOf, newRunId } from '../load/run-files.ts';
import type { LoadHandle } from '../load/run-load.ts';
import { startRun } from '../load/start-run.ts';
import { homeFiles } from '../supervisor/home.ts';
import { startLoadInContainers } from './compose/load-in-containers.ts';
import { currentState, type Running, requireRunning } from './control-client.ts';
import { createLoadProgress, printLoadReport } from './load-report.ts';
import { duration, positiveNumber, wholeNumber } from './options.ts';

type Options = {
  rate: number;
  for: number;
  count?: number;
  seed: number;
  arrivals: LoadPlan['arrivals'];
  saga: LoadPlan['saga'];
  mix: LoadMix;
  history?: string;
  settle: number;
  json?: boolean;
};

/** The supervisor writes it there, where the auditor reads it. */
const inVolume = ' (in the volume `supervisor`; --history FILE brings a copy)';

export function loadCommand(): Command {
  return new Command('load')
    .description('open-loop load through the gateway, with a client history; fails when an acknowledged order is lost')
    .requiredOption(
      '-r, --rate <per second>',
      'orders that become due a second',
      positiveNumber(loadLimits.ratePerSecond.most),
    )
    .option('-f, --for <time>', 'how long, e.g. 30s, 5m', duration(loadLimits.seconds), 30)
    .option('-c, --count <n>', 'end after so many orders', wholeNumber(1, loadLimits.orders))
    .option(
      '-s, --seed <n>',
      'the same seed makes the same orders at the same times',
      wholeNumber(0, loadLimits.seed),
      1,
    )
    .addOption(
      new Option('--arrivals <how>', 'independent customers, or evenly apart')
        .choices(['poisson', 'constant'])
        .default('poisson'),
    )
    .addOption(
      new Option('--saga <style>', 'who leads the saga; both: in turns')
        .choices(['choreography', 'orchestration', 'both'])
        .default('choreography'),
    )
    .option('--mix <kind=share,…>', `shares of ${loadKinds.join(', ')}`, parseMix, LoadPlan.shape.mix.parse(undefined))
    .option(
      '--history <file>',
      'where the client history goes; else load/<run>.jsonl in the state directory, in containers in a volume',
    )
    .option(
      '--settle <time>',
      'how long acknowledged orders may take to end after the last; in containers always 60s',
      duration(3_600),
      60,
    )
    .option('--json', 'print the outcome as JSON')
    .action(load);
}

/** `happy=80,declined=20`; kinds that are not named have no share. */
export function parseMix(text: string): LoadMix {
  const mix = Object.fromEntries(loadKinds.map((kind) => [kind, 0])) as LoadMix;
  for (const part of text.split(',')) {
    const [kind = '', share = ''] = part.split('=');
    const known = loadKinds.find((candidate) => candidate === kind.trim());
    const weight = Number(share);
    if (known === undefined || share.trim() === '' || !(weight >= 0 && weight <= 100)) {
      throw new InvalidArgumentError(
        `"${part}" must be a kind and its share from 0 to 100, e.g. declined=20; kinds are ${loadKinds.join(', ')}.`,
      );
    }
    mix[known] = weight;
  }
  if (loadKinds.every((kind) => mix[kind] === 0)) throw new InvalidArgumentError('At least one share must be above 0.');
  return mix;
}

async function load(options: Options, command: Command): Promise<void> {
  const plan = toPlan(options);
  const running = await requireRunning();
  const there = running.pid === null;
  if (there && command.getOptionValueSource('settle') !== 'default') {
    throw new AppError('invalid_argument', '--settle: the generator in containers waits 60 s, and no other time');
  }
  const progress = createLoadProgress(options.json === true);
  const handle = there
    ? await startLoadInContainers(running, { plan, historyFile: options.history ?? null, onChange: progress.show })
    : await startHere(running, plan, options, progress.show);
  let asked = false;
  const interrupted = () => {
    if (asked) handle.abandon();
    else {
      handle.stop();
      progress.notice('stopping: no more orders; those under way are waited for. Ctrl-C again ends at once.');
    }
    asked = true;
  };
  process.on('SIGINT', interrupted);
  process.on('SIGTERM', interrupted);
  const outcome = await handle.done;
  progress.end();
  if (options.json) console.log(JSON.stringify(outcome, null, 2));
  else printLoadReport(outcome, there && !options.history ? inVolume : '');
  if (hasFailed(outcome)) process.exitCode = 1;
}

async function startHere(
  running: Running,
  plan: LoadPlan,
  { history, settle }: Options,
  onChange: (run: LoadRun) => void,
): Promise<Pick<LoadHandle, 'stop' | 'abandon' | 'done'>> {
  const { endpoints } = await currentState(running);
  const run = newRunId();
  return startRun({
    run,
    plan,
    endpoints,
    credentials: { id: 'cli', secret: running.launch.cliClientSecret },
    historyFile: history ?? historyFileOf(homeFiles().directory, run),
    settleMs: settle * 1_000,
    onChange,
  });
}

/** A run in which nothing at all was acknowledged has shown nothing either. */
function hasFailed({ phase, lostCount, due, ok }: LoadRun): boolean {
  return phase === 'failed' || lostCount > 0 || (due > 0 && ok === 0);
}

function toPlan({ rate, for: seconds, count, seed, arrivals, saga, mix }: Options): LoadPlan {
  const parsed = LoadPlan.safeParse({ ratePerSecond: rate, seconds, orders: count ?? null, seed, arrivals, saga, mix });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('invalid_argument', `${issue?.path.join('.') ?? 'plan'}: ${issue?.message ?? 'is not valid'}`);
}
