import { expect, test } from 'vitest';
import { createOutage } from './outage.ts';

test('all wait behind one prober until the upstream is back', async () => {
  const answers = [false, false, true];
  let probes = 0;
  const outage = createOutage(async () => answers[probes++] ?? true, 60_000);
  await outage.over();
  expect(outage.found()).toBe(true);
  expect(outage.found()).toBe(true);
  await Promise.all([outage.over(), outage.over()]);
  expect(probes).toBe(3);
});

test('past its patience it fails fast, until somebody got through', async () => {
  let nowMs = 0;
  const outage = createOutage(
    async () => {
      nowMs += 1_000;
      return false;
    },
    3_000,
    () => nowMs,
  );
  expect(outage.found()).toBe(true);
  await outage.over();
  expect(nowMs).toBe(3_000);
  expect(outage.found()).toBe(false);
  outage.ended();
  expect(outage.found()).toBe(true);
});

test('a prober that throws counts as nobody there', async () => {
  let probes = 0;
  const outage = createOutage(async () => {
    probes += 1;
    if (probes < 2) throw new Error('refused');
    return true;
  }, 60_000);
  outage.found();
  await outage.over();
  expect(probes).toBe(2);
});
