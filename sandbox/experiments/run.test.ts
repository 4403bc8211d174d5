import { beforeEach, describe, expect, test } from 'vitest';
import type { Experiment } from '#contracts/sandbox/experiment-file.ts';
import { type FakeClock, fakeClock, running } from '../chaos/testing/world.ts';
import { type RunOptions, runExperiment } from './run.ts';
import { experiment, type FakeSandbox, fakeSandbox, verdict } from './testing/world.ts';

let clock: FakeClock;
let sandbox: FakeSandbox;

beforeEach(() => {
  clock = fakeClock();
  sandbox = fakeSandbox(clock);
});

type More = Pick<RunOptions, 'comparison' | 'damage' | 'uncounted'>;
const start = (given: Experiment = experiment(), more: More = {}) =>
  runExperiment({ run: 'test-1', experiment: given, seed: 1, world: sandbox, clock, ...more });

/** Runs it to its end, with time passing. */
async function play(
  given?: Experiment,
  meanwhile: (handle: ReturnType<typeof start>) => Promise<void> = async () => {},
  more: More = {},
) {
  const handle = start(given, more);
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

describe('an experiment with an error budget', () => {
  const budget = { 'error-budget': { objective: 0.99, window: '5s', burn: 10 } };

  test('is stopped and rolled back when the budget is exhausted, and says by what', async () => {
    const run = await play(experiment(budget), async () => {
      await clock.advance(3_000);
      sandbox.answers = { ok: 60, fail: 20 };
    });
    expect(run.outcome).toBe('deviated');
    expect(run.deviations[0]).toMatch(/^the error budget is exhausted: 20 of 80 requests of the last 5s/);
    expect(run.worstBurn).toBeGreaterThan(10);
    expect(sandbox.stops).toEqual(expect.arrayContaining(['fault-0', 'load']));
    expect(run.faults[0]?.run).toMatchObject({ state: 'reverted', endedBy: 'user' });
  });

  test('passes while it is spent within the limit', async () => {
    const run = await play(experiment(budget), async () => {
      await clock.advance(3_000);
      sandbox.answers = { ok: 60, fail: 1 };
    });
    expect(run).toMatchObject({ outcome: 'passed', deviations: [] });
    expect(run.worstBurn).toBeGreaterThan(0);
  });
});

describe('the half of a comparison without the pattern', () => {
  const without = { service: 'orders', pattern: 'inbox' } as const;
  const comparison = { part: 'without', without, other: 'test-0', breaks: ['S3'], teaches: 'why' } as const;
  const half = { comparison: { ...comparison, breaks: [...comparison.breaks] } };
  const breaks = async () => {
    await clock.advance(3_000);
    sandbox.verdicts = [broken, verdict('L1')];
  };

  test('goes on to its end though what it is to break breaks: that is its lesson, and the pattern is on again', async () => {
    const run = await play(undefined, breaks, half);
    expect(run).toMatchObject({ outcome: 'lesson', deviations: [] });
    expect(run.shown).toEqual(['S3 (name of S3) is broken (1 found): captured twice']);
    expect(run.left).toEqual([{ id: 'S3', violations: 1 }]);
    expect(run.faults[0]?.run).toMatchObject({ endedBy: 'lease' });
    expect([sandbox.switches[0], sandbox.switches.at(-1)]).toEqual(['inbox@orders off', 'inbox@orders on']);
  });

  test('has shown nothing when nothing breaks', async () => {
    const run = await play(undefined, undefined, half);
    expect(run).toMatchObject({ outcome: 'deviated', shown: [] });
    expect(run.deviations).toEqual(['S3 held without inbox in orders: nothing was shown']);
  });

  test('is stopped by a safety invariant that the pattern does not keep', async () => {
    const run = await play(undefined, breaks, { comparison: { ...half.comparison, breaks: ['S6'] } });
    expect(run.outcome).toBe('deviated');
    expect(run.deviations[0]).toBe('S3 (name of S3) is broken: captured twice');
    expect(run.faults[0]?.run).toMatchObject({ endedBy: 'user' });
    expect(sandbox.switches.at(-1)).toBe('inbox@orders on');
  });

  test('that somebody stops has its pattern on again, once the service answers', async () => {
    const run = await play(
      undefined,
      async (handle) => {
        await clock.advance(3_000);
        sandbox.away.add('orders');
        handle.stop('stopped by hand');
        await clock.advance(5_000);
        expect(sandbox.switches.at(-1)).toBe('inbox@orders off');
        sandbox.away.clear();
      },
      half,
    );
    expect(run.outcome).toBe('stopped');
    expect(sandbox.switches.at(-1)).toBe('inbox@orders on');
  });

  test('does not begin when the pattern cannot be switched off', async () => {
    sandbox.away.add('orders');
    const run = await play(undefined, undefined, half);
    expect(run).toMatchObject({ outcome: 'not-run', deviations: ['orders is away'] });
    expect(sandbox.plans).toEqual([]);
  });

  test('leaves damage that later experiments begin with, and are not blamed for', async () => {
    sandbox.verdicts = [broken, verdict('L1')];
    const run = await play(undefined, undefined, { damage: new Map([['S3', 1]]) });
    expect(run).toMatchObject({ outcome: 'passed', left: [] });
  });

  test('that is cut short has left nobody knows what, unless it had not begun', async () => {
    const handle = start(experiment(), half);
    expect(handle.current().left).toBeNull();
    await clock.advance(3_000);
    handle.abandon();
    await clock.advance(1_000);
    expect(await handle.done).toMatchObject({ outcome: 'stopped', left: null });
    sandbox.statuses.set('broker', { ...running('broker'), state: 'stopped' });
    const early = start(experiment(), half);
    await clock.advance(500);
    early.abandon();
    await clock.advance(1_000);
    expect(await early.done).toMatchObject({ left: [] });
  });

  test('and was cut short is counted by the next run before it begins, which is not blamed for it', async () => {
    sandbox.verdicts = [broken, verdict('L1')];
    const kept: unknown[] = [];
    const uncounted = { runs: ['test-0'], keep: async (left: unknown) => void kept.push(left) };
    const run = await play(undefined, undefined, { uncounted });
    expect(run).toMatchObject({ outcome: 'passed', deviations: [] });
    expect(kept).toEqual([[{ id: 'S3', violations: 1 }]]);
    expect(run.entries.map(({ text }) => text)).toContain('left broken by test-0: S3 (1)');
  });

  test('and cannot be counted keeps the next one from beginning', async () => {
    sandbox.final = async () => ({
      ...(await sandbox.startFinal(0)),
      state: 'failed',
      verdicts: null,
      problem: 'gone',
    });
    const keep = async () => expect.unreachable('nothing was counted');
    const run = await play(undefined, undefined, { uncounted: { runs: ['test-0'], keep } });
    expect(run).toMatchObject({ outcome: 'not-run', deviations: ['the final audit did not end: gone'] });
    expect(sandbox.plans).toEqual([]);
  });
});
