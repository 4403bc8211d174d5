import { beforeEach, describe, expect, test } from 'vitest';
import type { Experiment } from '#contracts/sandbox/experiment-file.ts';
import { type FakeClock, fakeClock, running } from '../chaos/testing/world.ts';
import { runExperiment } from './run.ts';
import { experiment, type FakeSandbox, fakeSandbox, verdict } from './testing/world.ts';

let clock: FakeClock;
let sandbox: FakeSandbox;

beforeEach(() => {
  clock = fakeClock();
  sandbox = fakeSandbox(clock);
});

const start = (given: Experiment = experiment(), seed = 1) =>
  runExperiment({ run: 'test-1', experiment: given, seed, world: sandbox, clock });

/** Runs it to its end, with time passing. */
async function play(
  given?: Experiment,
  meanwhile: (handle: ReturnType<typeof start>) => Promise<void> = async () => {},
) {
  const handle = start(given);
  await meanwhile(handle);
  for (let passed = 0; handle.current().phase !== 'over' && passed < 300; passed += 1) await clock.advance(1_000);
  return handle.done;
}

const broken = verdict('S3', {
  state: 'invalid',
  violations: 1,
  counterexample: {
    subject: 'order 1',
    orderId: null,
    traceId: null,
    problem: 'captured twice',
    foundAt: '2026-01-01T00:00:00.000Z',
    timeline: [],
  },
});

describe('an experiment', () => {
  test('passes when its fault bit, was seen, went away, and everything held', async () => {
    const run = await play();
    expect(run).toMatchObject({ outcome: 'passed', deviations: [], phase: 'over' });
    expect(run.faults[0]).toMatchObject({ run: { hits: 1, state: 'reverted', endedBy: 'lease' } });
    expect(run.faults[0]?.detectMs).toBeLessThan(1_000);
    expect(run.faults[0]?.recoverMs).toBeLessThan(1_000);
    expect(run.probes.map(({ when, state }) => [when, state])).toEqual([
      ['before', 'held'],
      ['after', 'held'],
    ]);
    expect(sandbox.injected).toMatchObject([{ fault: 'broker-down', ttlMs: 4_000, seed: '1-0' }]);
    expect(sandbox.plans).toHaveLength(1);
  });

  test('whose fault touched nothing has shown nothing', async () => {
    sandbox.hits = 0;
    const run = await play();
    expect(run.outcome).toBe('deviated');
    expect(run.deviations).toContain('"outage" did not bite: its injector touched nothing');
  });

  test('does not begin when the steady state does not hold', async () => {
    sandbox.statuses.set('orders', { ...running('orders'), state: 'backoff' });
    const run = await play();
    expect(run).toMatchObject({ outcome: 'not-run', deviations: ['the steady state does not hold'], methodAt: null });
    expect(sandbox.injected).toEqual([]);
    expect(sandbox.plans).toEqual([]);
  });

  test('does not begin while a safety invariant is broken, or while all faults are stopped', async () => {
    sandbox.verdicts = [broken];
    expect(await play()).toMatchObject({ outcome: 'not-run', deviations: ['S3 (name of S3) is broken already'] });
    sandbox.verdicts = [verdict('S3'), verdict('L1')];
    sandbox.stopped = { at: clock.wall().toISOString(), reason: 'enough' };
    expect((await play()).deviations).toEqual(['all faults are stopped (enough): release first']);
  });

  test('stops and rolls back when a safety invariant breaks', async () => {
    const rollback = {
      type: 'action',
      name: 'undo',
      provider: { type: 'stop-fault', fault: 'broker-down', target: 'broker' },
    };
    const run = await play(experiment({ rollbacks: [rollback] }), async () => {
      await clock.advance(3_000);
      expect(sandbox.faults[0]?.state).not.toBe('reverted');
      sandbox.verdicts = [broken, verdict('L1')];
    });
    expect(run.outcome).toBe('deviated');
    expect(run.deviations[0]).toBe('S3 (name of S3) is broken: captured twice');
    expect(sandbox.stops).toEqual(expect.arrayContaining(['fault-0', 'load']));
    expect(run.faults[0]?.run).toMatchObject({ state: 'reverted', endedBy: 'user' });
    const rolledBack = run.entries.filter(({ kind }) => kind === 'rollback').map(({ text }) => text);
    expect(rolledBack.some((text) => text.startsWith('undo'))).toBe(true);
  });

  test('rolls back also when all went well, after its faults are over', async () => {
    const rollbacks = [
      { type: 'action', name: 'repair', provider: { type: 'replay-parked', service: 'workers' } },
      { type: 'action', name: 'start it', provider: { type: 'start-process', process: 'broker' } },
    ];
    const run = await play(experiment({ rollbacks }));
    expect(run.outcome).toBe('passed');
    expect(sandbox.stops).toEqual(['replay workers']);
    const texts = run.entries.filter(({ kind }) => kind === 'rollback').map(({ text }) => text);
    expect(texts).toEqual(['repair: 2 keys are on the way again', 'start it: nothing to do']);
  });

  test('that somebody stops rolls back, is audited and says so', async () => {
    const run = await play(undefined, async (handle) => {
      await clock.advance(3_000);
      handle.stop('stopped by hand');
    });
    expect(run).toMatchObject({ outcome: 'stopped', phase: 'over' });
    expect(run.deviations[0]).toBe('stopped by hand');
    expect(run.faults[0]?.run).toMatchObject({ state: 'reverted', endedBy: 'user' });
    expect(run.verdicts).not.toBeNull();
  });

  test('misses a probe that does not come true in its time', async () => {
    const [outage] = experiment().method;
    const probe = {
      type: 'probe',
      name: 'orders was restarted',
      at: '1s',
      within: '2s',
      provider: { type: 'process', process: 'orders', figure: 'restarts' },
      tolerance: [1, null],
    };
    const run = await play(experiment({ method: [outage, probe] }));
    expect(run.deviations).toEqual(['"orders was restarted" (method) must be at least 1: it was 0']);
  });

  test('says of a probe that cannot be asked why', async () => {
    const [outage] = experiment().method;
    const provider = { type: 'process', process: 'nobody', figure: 'state' };
    const probe = { type: 'probe', name: 'who', at: '1s', within: '1s', provider, tolerance: 'running' };
    const run = await play(experiment({ method: [outage, probe] }));
    expect(run.deviations).toEqual(['"who" (method) must be running: there is no process "nobody"']);
  });

  test('needs evidence for the invariants that it names', async () => {
    sandbox.verdicts = [verdict('S3'), verdict('L1', { state: 'unknown', why: 'no orders' })];
    expect((await play()).deviations).toEqual(['L1 (name of L1) could not be judged: no orders']);
    sandbox.verdicts = [verdict('S3')];
    expect((await play()).deviations).toEqual(['L1 was not judged']);
  });

  test('ends at once when the sandbox stops', async () => {
    const handle = start();
    await clock.advance(3_000);
    handle.abandon();
    await clock.advance(1_000);
    expect(await handle.done).toMatchObject({ phase: 'over', outcome: 'stopped' });
  });
});
