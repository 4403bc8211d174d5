/** Where runs leave their report: `<home>/experiments/<run>.json`. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ExperimentRun } from '#contracts/sandbox/experiments.ts';
import type { Uncounted } from '../../experiments/context.ts';
import { writeJson } from '../home.ts';

const mostKept = 50;

export async function writeRun(folder: string, run: ExperimentRun): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeJson(path.join(folder, `${run.run}.json`), run);
}

/** Newest first. A run whose supervisor died in the middle did not end; files that are no run are passed over. */
export async function readRuns(folder: string): Promise<ExperimentRun[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
  const newest = names.sort().reverse().slice(0, mostKept);
  const found = await Promise.all(
    newest.map(async (name): Promise<ExperimentRun | null> => {
      try {
        return asItIs(ExperimentRun.parse(JSON.parse(await readFile(path.join(folder, name), 'utf8'))));
      } catch {
        return null;
      }
    }),
  );
  return found.filter((run) => run !== null);
}

/** Those of the runs of which nobody knows what they have left broken; null without any. */
export function uncountedOf(runs: readonly ExperimentRun[], folder: string): Uncounted | null {
  const open = runs.filter(({ phase, left }) => phase === 'over' && left === null);
  if (open.length === 0) return null;
  return {
    runs: open.map(({ run }) => run),
    async keep(left) {
      for (const run of open) await writeRun(folder, { ...run, left });
    },
  };
}

function asItIs(run: ExperimentRun): ExperimentRun {
  if (run.phase === 'over') return run;
  const deviations = ['the supervisor ended in the middle; its faults ended with their leases'];
  const left = run.methodAt === null ? [] : run.left;
  if (left === null) deviations.push('what it left broken without its pattern is counted before the next run begins');
  return { ...run, phase: 'over', outcome: 'stopped', deviations, left };
}
