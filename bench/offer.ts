import { join } from 'node:path';
import { LoadPlan, type LoadRun } from '#contracts/sandbox/load.ts';
import { newRunId } from '#sandbox/load/run-files.ts';
import { startRun } from '#sandbox/load/start-run.ts';
import type { Fleet } from '../tests/support/fleet.ts';

/** Orders that nothing stops, evenly apart: the same for every figure. */
const plain = { arrivals: 'constant', mix: { happy: 1, declined: 0, outOfStock: 0, slow: 0, cancelled: 0 } } as const;

/** Offers orders to the fleet in an open loop and waits until each has ended, at most 60 s. Throws when the run fails. */
export async function offer(fleet: Fleet, ratePerSecond: number, seconds: number): Promise<LoadRun> {
  const run = newRunId();
  const handle = await startRun({
    run,
    plan: LoadPlan.parse({ ...plain, ratePerSecond, seconds }),
    endpoints: fleet.state().endpoints,
    credentials: { id: 'cli', secret: fleet.secrets().clients.cli ?? '' },
    historyFile: join(fleet.home, 'load', `${run}.jsonl`),
  });
  const outcome = await handle.done;
  if (outcome.phase !== 'finished') throw new Error(`run ${run} ${outcome.phase}: ${outcome.problem}`);
  return outcome;
}
