import type { LoadSample } from '#contracts/sandbox/load.ts';
import { createLatencies } from './percentiles.ts';

type Counted = 'due' | 'ok' | 'fail' | 'info' | 'ended';

export type Series = {
  count(what: Counted, elapsedMs: number): void;
  accepted(ms: number): void;
  saga(ms: number): void;
  samples(): LoadSample[];
};

/**
 * How a run went over time in a bounded number of samples: one per two seconds at first, longer than the pause between
 * two looks for ended orders; when there are `mostSamples`, neighbours merge and a sample is twice as long from then on.
 */
export function createSeries(mostSamples = 120): Series {
  let seconds = 2;
  let closed: LoadSample[] = [];
  let current = empty(0, seconds);
  const accepted = createLatencies();
  const saga = createLatencies();
  const snapshot = (): LoadSample => ({ ...current, acceptedP95Ms: accepted.p95(), sagaP95Ms: saga.p95() });

  function roll(elapsedMs: number): void {
    while (elapsedMs >= (current.fromSeconds + seconds) * 1_000) {
      closed.push(snapshot());
      accepted.reset();
      saga.reset();
      if (closed.length === mostSamples) {
        closed = pairs(closed);
        seconds *= 2;
      }
      const last = closed.at(-1);
      current = empty((last?.fromSeconds ?? 0) + (last?.seconds ?? 0), seconds);
    }
  }

  return {
    count(what, elapsedMs) {
      roll(elapsedMs);
      // What is learnt late belongs to when it happened.
      const late = elapsedMs < current.fromSeconds * 1_000;
      const sample = late ? closed.findLast(({ fromSeconds }) => fromSeconds * 1_000 <= elapsedMs) : current;
      (sample ?? current)[what] += 1;
    },
    accepted: accepted.record,
    saga: saga.record,
    samples: () => [...closed, snapshot()],
  };
}

function empty(fromSeconds: number, seconds: number): LoadSample {
  const nothing = { due: 0, ok: 0, fail: 0, info: 0, ended: 0 };
  return { fromSeconds, seconds, ...nothing, acceptedP95Ms: null, sagaP95Ms: null };
}

function pairs(samples: readonly LoadSample[]): LoadSample[] {
  return samples.flatMap((sample, index) => {
    const next = samples[index + 1];
    return index % 2 === 1 ? [] : [next === undefined ? sample : merge(sample, next)];
  });
}

function merge(a: LoadSample, b: LoadSample): LoadSample {
  return {
    fromSeconds: a.fromSeconds,
    seconds: a.seconds + b.seconds,
    due: a.due + b.due,
    ok: a.ok + b.ok,
    fail: a.fail + b.fail,
    info: a.info + b.info,
    ended: a.ended + b.ended,
    acceptedP95Ms: worst(a.acceptedP95Ms, b.acceptedP95Ms),
    sagaP95Ms: worst(a.sagaP95Ms, b.sagaP95Ms),
  };
}

function worst(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
