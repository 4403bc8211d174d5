/** Processes that a killed supervisor left behind, known from pids.json. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Home, writeJson } from './home.ts';
import { startMark } from './process-table.ts';
import { terminateForeign } from './terminate.ts';

const PidFile = z.object({
  processes: z.array(z.object({ name: z.string(), pid: z.int(), mark: z.string(), stopSignal: z.string() })),
});
export type KnownProcess = z.infer<typeof PidFile>['processes'][number];

export async function writePids(home: Home, processes: readonly KnownProcess[]): Promise<void> {
  await writeJson(home.pids, { processes });
}

/** Those of pids.json that still live. A pid that was given to another program since then is not among them. */
export async function findOrphans(home: Home): Promise<KnownProcess[]> {
  const known = await readPids(home);
  const alive = await Promise.all(known.map(async (entry) => (await startMark(entry.pid)) === entry.mark));
  return known.filter((_entry, index) => alive[index]);
}

/** Ends them all, politely first. Returns their names. */
export async function endOrphans(home: Home): Promise<string[]> {
  const orphans = await findOrphans(home);
  await Promise.all(
    orphans.map(({ pid, mark, stopSignal }) =>
      terminateForeign({ pid, mark, signal: stopSignal as NodeJS.Signals, graceMs: 4_000 }),
    ),
  );
  return orphans.map((orphan) => orphan.name);
}

async function readPids(home: Home): Promise<KnownProcess[]> {
  try {
    return PidFile.parse(JSON.parse(await readFile(home.pids, 'utf8'))).processes;
  } catch {
    return [];
  }
}
