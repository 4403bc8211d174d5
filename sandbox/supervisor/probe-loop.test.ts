import { expect, test } from 'vitest';
import { probeUntilAborted } from './probe-loop.ts';

/** A process that starts and never gets ready, and how often it was asked. */
function starting({ says }: { says: boolean }) {
  const seen = { asked: 0, spoken: 0 };
  const loop = {
    state: () => 'starting' as const,
    spoken: () => seen.spoken,
    async probe() {
      seen.asked += 1;
      throw new Error('not yet');
    },
    report() {
      if (says) seen.spoken += 1;
    },
  };
  return { seen, loop };
}

test('who starts is asked again as soon as it says something, later with each word, and else now and then', async () => {
  const talker = starting({ says: true });
  const silent = starting({ says: false });
  const aborted = new AbortController();
  const askedOfTalker: number[] = [];
  const report = () => {
    askedOfTalker.push(talker.seen.asked);
    if (silent.seen.asked === 7) aborted.abort();
  };
  await Promise.all([
    probeUntilAborted(talker.loop, aborted.signal),
    probeUntilAborted({ ...silent.loop, report }, aborted.signal),
  ]);
  // In each quarter of a second.
  const asked = askedOfTalker.slice(1).map((count, at) => count - (askedOfTalker[at] ?? 0));
  expect(asked[0]).toBeGreaterThan(3);
  expect(asked.at(-1)).toBeLessThan((asked[0] ?? 0) - 1);
});
