import { setTimeout as sleep } from 'node:timers/promises';

/**
 * An upstream that has gone away is most often being restarted, and is back within a second or two. Requests that may
 * be repeated wait for that together, behind one prober, instead of failing. Who stays away longer than `patienceMs` is
 * down: from then on requests fail fast, until one has got through.
 */
export type Outage = {
  /** Resolves at once while the upstream is there, else when it is back, patience is over, or `deadline` aborts. */
  over(deadline?: AbortSignal): Promise<void>;
  /** The upstream was found gone. True when it is worth waiting for `over()` and trying again. */
  found(): boolean;
  /** An answer came. */
  ended(): void;
  /** For people: outages so far, and whether one goes on. */
  view(): { outages: number; state: 'there' | 'probing' | 'down' };
};

const probeEveryMs = 50;

export function createOutage(probe: () => Promise<boolean>, patienceMs: number, now = () => performance.now()): Outage {
  let state: 'there' | 'probing' | 'down' = 'there';
  let outages = 0;
  let waiting: Promise<void> = Promise.resolve();

  async function untilBack(): Promise<void> {
    const untilMs = now() + patienceMs;
    while (state === 'probing' && now() < untilMs) {
      if (await probe().catch(() => false)) {
        state = 'there';
        return;
      }
      await sleep(probeEveryMs);
    }
    if (state === 'probing') state = 'down';
  }

  return {
    over: (deadline) => {
      if (deadline === undefined || state !== 'probing') return waiting;
      return Promise.race([
        waiting,
        new Promise<void>((resolve) => deadline.addEventListener('abort', () => resolve())),
      ]);
    },
    found: () => {
      if (state === 'down') return false;
      if (state === 'there') {
        state = 'probing';
        outages += 1;
        waiting = untilBack();
      }
      return true;
    },
    view: () => ({ outages, state }),
    ended: () => {
      if (state === 'down') state = 'there';
    },
  };
}
