import type { Attempt } from './attempt.ts';
import type { Delivery, Incoming, Unreadable } from './incoming.ts';
import type { Outcome } from './process-alone.ts';
import { cutIntoRuns, type Run } from './runs.ts';

/** Works off what was fetched of one partition, in order. */
export type PartitionWorker = {
  /** Resolves when all of it is done or the worker was stopped. Never rejects. */
  finished: Promise<void>;
  /** Stops after the run in hand. */
  stop(): void;
};

export type PartitionWork = {
  /** Handles a run with what other partitions have; returns what must be handled alone. */
  together: (deliveries: readonly Delivery[]) => Promise<Attempt[]>;
  /** Handles one message to its end, however long that takes. */
  alone: (attempt: Attempt) => Promise<Outcome>;
  park: (record: Unreadable) => Promise<Outcome>;
  /** Everything up to the run's last offset has been done with. Never rejects. */
  done: (run: Run) => Promise<void>;
};

/** Starts at once. */
export function startPartitionWorker(fetched: readonly Incoming[], work: PartitionWork): PartitionWorker {
  let stopped = false;
  async function run(): Promise<void> {
    for (const next of cutIntoRuns(fetched)) {
      if (stopped || !(await finish(next, work))) return;
      await work.done(next);
    }
  }
  return {
    finished: run(),
    stop: () => {
      stopped = true;
    },
  };
}

/** False when the process stops: what is not handled will be delivered again. */
async function finish({ deliveries, unreadable }: Run, work: PartitionWork): Promise<boolean> {
  let stopped = false;
  const leftOver = deliveries.length === 0 ? [] : await work.together(deliveries);
  for (const attempt of leftOver) {
    if (stopped) attempt.span.span.end();
    else stopped = (await work.alone(attempt)) === 'stopped';
  }
  if (unreadable !== null && !stopped) stopped = (await work.park(unreadable)) === 'stopped';
  return !stopped;
}
