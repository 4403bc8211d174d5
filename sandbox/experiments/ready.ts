/** The experiments of `experiments/`, as they are on disk now. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#contracts/errors.ts';
import type { Experiment } from '#contracts/sandbox/experiment-file.ts';
import type { ReadyExperiment } from '#contracts/sandbox/experiments.ts';
import { parseExperiment } from './parse.ts';

const ending = /\.(ya?ml|json)$/;

/** By name. A file that is no experiment is listed with what is wrong. */
export async function readyExperiments(folder: string): Promise<ReadyExperiment[]> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => ending.test(file)).sort();
  return Promise.all(
    files.map(async (file) => {
      const name = file.replace(ending, '');
      try {
        const experiment = parseExperiment(await readFile(path.join(folder, file), 'utf8'), file);
        return { name, experiment, problem: null };
      } catch (error) {
        return { name, experiment: null, problem: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

/** Throws `not_found` with what there is, or `unprocessable` when the file is no experiment. */
export async function readyExperiment(folder: string, name: string): Promise<Experiment> {
  const all = await readyExperiments(folder);
  const found = all.find((one) => one.name === name);
  if (found === undefined) {
    const known = all.map((one) => one.name).join(', ');
    throw new AppError('not_found', `there is no experiment "${name}"; there are ${known || 'none'}`);
  }
  if (found.experiment === null) throw new AppError('unprocessable', found.problem ?? `${name} is no experiment`);
  return found.experiment;
}
