/** Where runs leave their history and their report: `<home>/load/<run>.jsonl` and `.json`. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LoadRun } from '#contracts/sandbox/load.ts';
import { isOver } from '#contracts/sandbox/load-limits.ts';

/** An id that sorts by time and tells it: `20260131-093000-3f9a`. */
export function newRunId(now = new Date()): string {
  const [date, time] = now
    .toISOString()
    .replaceAll(/[-:]|\.\d+Z/g, '')
    .split('T');
  return `${date}-${time}-${randomBytes(2).toString('hex')}`;
}

export function loadDirectory(home: string): string {
  return path.join(home, 'load');
}

export function historyFileOf(home: string, run: string): string {
  return path.join(loadDirectory(home), `${run}.jsonl`);
}

/** Writes the report beside the history, as a whole. */
export async function writeReport(run: LoadRun): Promise<void> {
  const file = run.historyFile.replace(/(\.jsonl)?$/, '.json');
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Reports of this state directory, newest first, at most `most`. Files that are no report are passed over. */
export async function readReports(home: string, most = 50): Promise<LoadRun[]> {
  const names = await readdir(loadDirectory(home)).catch(() => []);
  const newest = names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .reverse()
    .slice(0, most);
  const found = await Promise.all(newest.map((name) => readReport(path.join(loadDirectory(home), name))));
  return found.filter((run) => run !== null);
}

/** A report that is not over is written again every 2 s; one that stays as it is has lost its generator. */
const silenceMs = 15_000;

async function readReport(file: string): Promise<LoadRun | null> {
  try {
    const run = LoadRun.parse(JSON.parse(await readFile(file, 'utf8')));
    const { mtime } = await stat(file);
    if (isOver(run) || Date.now() - mtime.getTime() < silenceMs) return run;
    return { ...run, phase: 'failed', endedAt: mtime.toISOString(), problem: 'the generator ended without a report' };
  } catch {
    return null;
  }
}
