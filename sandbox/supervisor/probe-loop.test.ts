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

test('who starts is asked again as soon as it says something, and else now and then', async () => {
  const talker = starting({ says: true });
  const silent = starting({ says: false });
  const aborted = new AbortController();
  const report = () => {
    if (silent.seen.asked === 3) aborted.abort();
  };
  await Promise.all([
    probeUntilAborted(talker.loop, aborted.signal),
    probeUntilAborted({ ...silent.loop, report }, aborted.signal),
  ]);
  expect(silent.seen.asked).toBe(3);
  expect(talker.seen.asked).toBeGreaterThan(2 * silent.seen.asked);
});
