import { expect, test } from 'vitest';
import { markAtOnce } from '#sandbox/auditor/invariants/obs3-every-hit-leaves-a-mark.ts';
import { faults } from '#sandbox/chaos/registry.ts';

/** They have no footprint either, and need leave no mark: no call to it is part of a trace; real traffic; no span at hand. */
const unmarked = ['telemetry-down', 'traffic-spike', 'retry-storm'];

test('the auditor knows every fault that marks spans where it happens', () => {
  const withoutFootprint = faults.filter(({ footprint }) => footprint === undefined).map(({ name }) => name);
  expect([...markAtOnce, ...unmarked].sort()).toEqual(withoutFootprint.sort());
});
