import { beforeEach, describe, expect, test } from 'vitest';
import { type ChaosState, FaultDescription, type FaultRun } from '#contracts/sandbox/chaos.ts';
import type { LoadPlan, LoadRun } from '#contracts/sandbox/load.ts';
import { createChaos } from './engine.ts';
import { faults } from './registry.ts';
import { type FakeClock, type FakeWorld, fakeClock, fakeWorld, running } from './testing/world.ts';

let world: FakeWorld;
let clock: FakeClock;
let seen: ChaosState[];

function chaos(options: { environment?: NodeJS.ProcessEnv; before?: FaultRun[] } = {}) {
  return createChaos({
    faults,
    world,
    clock,
    before: options.before ?? [],
    environment: options.environment ?? ({} as NodeJS.ProcessEnv),
    onChange: (state) => seen.push(state),
  });
}

beforeEach(() => {
  world = fakeWorld();
  clock = fakeClock();
  seen = [];
});

const latency = { fault: 'latency', target: 'gateway-orders-http', parameters: { latencyMs: 200 }, ttlMs: 10_000 };
const onlyToxic = () => {
  const [toxic] = world.toxics.values();
  if (toxic === undefined) throw new Error('no toxic');
  return toxic;
};

describe('what a fault leaves on spans', () => {
  test('is told from the last look without a hit until it was found gone', async () => {
    const engine = chaos();
    const { id } = await engine.inject(latency);
    const footprint = {
      on: 'edge',
      from: 'gateway',
      to: 'orders',
      protocol: 'http',
      effect: 'delay',
      leastMs: 200,
    };
    const armedMs = clock.wall().getTime();
    expect(engine.windows()).toEqual([
      { id, kind: 'latency', footprint, fromMs: armedMs, untilMs: null, bites: false },
    ]);
    await clock.advance(900);
    onlyToxic().hits = 1;
    await clock.advance(300);
    expect(engine.windows()).toMatchObject([{ fromMs: armedMs + 900, untilMs: null, bites: true }]);
    engine.stop(id);
    await clock.advance(100);
    expect(engine.windows()).toMatchObject([
      { fromMs: armedMs + 900, untilMs: Date.parse(engine.find(id).endedAt ?? '') },
    ]);
    await clock.advance(11 * 60_000);
    expect(engine.windows()).toEqual([]);
  });

  test('is nothing that its agent marks by itself, and nothing while nobody can be touched', async () => {
    const engine = chaos();
    await engine.inject({ fault: 'grpc-errors', target: 'pricing' });
    await engine.inject({ fault: 'telemetry-down', target: 'telemetry' });
    expect(engine.windows()).toEqual([]);
  });
});

describe('a fault', () => {
  test('is armed with its defaults and its lease at the injector', async () => {
    const run = await chaos().inject(latency);
    expect(run).toMatchObject({
      state: 'armed',
      code: 'F-09',
      hits: 0,
      parameters: { latencyMs: 200, jitterMs: 0, direction: 'reply', share: 1 },
      touches: ['gateway', 'orders'],
    });
    expect(onlyToxic()).toMatchObject({ type: 'latency', stream: 'downstream', ttlMs: 10_000, seed: 'orrery' });
  });

  test('bites when its injector counts a hit', async () => {
    const engine = chaos();
    const { id } = await engine.inject(latency);
    await clock.advance(1_000);
    expect(engine.find(id).state).toBe('armed');
    onlyToxic().hits = 7;
    await clock.advance(1_000);
    expect(engine.find(id)).toMatchObject({ state: 'biting', hits: 7 });
  });

  test('ends with its lease, and is reverted only when a probe says so', async () => {
    const engine = chaos();
    const { id } = await engine.inject(latency);
    world.broken.add('probe');
    await clock.advance(11_000);
    expect(engine.find(id)).toMatchObject({ state: 'reverting', endedBy: 'lease', reason: 'probe is broken' });
    expect(world.toxics.size).toBe(0);
    world.broken.clear();
    await clock.advance(1_000);
    expect(engine.find(id)).toMatchObject({ state: 'reverted', reason: null });
    expect(engine.find(id).revertMs).toBeGreaterThan(900);
  });

  test('whose revert fails says why, stays in sight, keeps its target and can be stopped again', async () => {
    const engine = chaos();
    const { id } = await engine.inject(latency);
    world.broken.add('removeToxic');
    engine.stop(id);
    await clock.advance(50_000);
    expect(engine.find(id)).toMatchObject({ state: 'revert-failed', reason: 'removeToxic is broken' });
    await expect(engine.inject(latency)).rejects.toMatchObject({ code: 'conflict' });
    world.broken.clear();
    engine.stop(id);
    await clock.advance(500);
    expect(engine.find(id).state).toBe('reverted');
    await engine.inject(latency);
  });

  test('that its injector has ended with its lease, or lost, is told apart', async () => {
    const engine = chaos();
    const lost = await engine.inject(latency);
    await clock.advance(2_000);
    world.toxics.clear();
    await clock.advance(500);
    expect(engine.find(lost.id)).toMatchObject({ state: 'reverted', endedBy: 'injector-gone' });
    const expired = await engine.inject(latency);
    await clock.advance(9_500);
    world.toxics.clear();
    await clock.advance(300);
    expect(engine.find(expired.id)).toMatchObject({ state: 'reverted', endedBy: 'lease' });
  });

  test('of two parts leaves none behind when the second cannot be put on', async () => {
    const engine = chaos();
    world.broken.add('addToxic slicer');
    await expect(engine.inject({ fault: 'slow-link', target: 'gateway-orders-http' })).rejects.toMatchObject({
      message: 'addToxic slicer is broken',
    });
    expect(world.toxics.size).toBe(0);
    expect(engine.state().faults).toEqual([]);
    await engine.inject(latency);
  });

  test.each([
    ['the answer to arm', { fault: 'http-errors', target: 'orders' }],
    ['the answer to disable', { fault: 'connection-refused', target: 'gateway-orders-http' }],
    ['addToxic timeout', { fault: 'black-hole', target: 'gateway-orders-http' }],
  ])('that is on though %s was lost is taken back', async (broken, order) => {
    const engine = chaos();
    world.broken.add(broken);
    await expect(engine.inject(order)).rejects.toMatchObject({ code: 'dependency_failed' });
    expect([world.armed.size, world.disabled.size, world.toxics.size]).toEqual([0, 0, 0]);
    expect(engine.state().faults).toEqual([]);
  });

  test('that kills is over when the process is ready again', async () => {
    const engine = chaos();
    const { id } = await engine.inject({ fault: 'crash', target: 'orders' });
    world.statuses.set('orders', { ...running('orders'), pid: null, state: 'backoff' });
    await clock.advance(1_000);
    expect(engine.find(id)).toMatchObject({ state: 'biting', hits: 1 });
    world.statuses.set('orders', { ...running('orders'), pid: 200, restarts: 1 });
    await clock.advance(1_000);
    expect(engine.find(id)).toMatchObject({ state: 'reverted', endedBy: 'itself' });
  });

  test('that holds a process down stops it whenever it comes back, and starts it in the end', async () => {
    const engine = chaos();
    const { id } = await engine.inject({ fault: 'broker-down', target: 'broker' });
    world.statuses.set('broker', { ...running('broker'), pid: null, state: 'backoff' });
    await clock.advance(400);
    expect(world.actions).toEqual(['kill broker', 'stop broker']);
    world.statuses.set('broker', { ...running('broker'), pid: null, state: 'stopped' });
    await clock.advance(400);
    engine.stop(id);
    await clock.advance(100);
    expect(world.actions.at(-1)).toBe('start broker');
    expect(engine.find(id).state).toBe('reverting');
    world.statuses.set('broker', running('broker'));
    await clock.advance(500);
    expect(engine.find(id)).toMatchObject({ state: 'reverted', hits: 1, endedBy: 'user' });
  });
});

describe('a traffic spike', () => {
  const spike = { fault: 'traffic-spike', target: 'gateway', parameters: { ratePerSecond: 300 }, ttlMs: 10_000 };
  const settle = (id: string) => {
    const at = world.runs.findIndex(({ run }) => run === id);
    world.runs[at] = { ...(world.runs[at] as LoadRun), phase: 'stopped' };
  };

  test('bites with every order that it offers, and is gone when its run has ended', async () => {
    const engine = chaos();
    const { id } = await engine.inject(spike);
    expect(world.runs[0]?.plan).toMatchObject({ ratePerSecond: 300, seconds: 10, saga: 'both' });
    await clock.advance(500);
    expect(engine.find(id)).toMatchObject({ state: 'biting', hits: 50 });
    engine.stop(id);
    await clock.advance(2_000);
    // Asked once to place no more: a second time would end it without an answer to what is under way.
    expect(world.actions).toEqual(['stop load-0']);
    expect(engine.find(id)).toMatchObject({ state: 'reverting', reason: expect.stringContaining('settling') });
    settle('load-0');
    await clock.advance(500);
    expect(engine.find(id)).toMatchObject({ state: 'reverted', endedBy: 'user' });
  });

  test('whose run was stopped on its own leaves the run alone that another has begun since', async () => {
    const engine = chaos();
    const { id } = await engine.inject(spike);
    settle('load-0');
    const other = await world.load.start(world.runs[0]?.plan as LoadPlan);
    await clock.advance(500);
    expect(engine.find(id)).toMatchObject({ state: 'reverted', endedBy: 'itself' });
    expect(await world.load.read(other.run)).toMatchObject({ phase: 'placing' });
    expect(world.actions).toEqual([]);
  });

  test('is refused while a load run goes on, and beyond what the generator offers', async () => {
    const engine = chaos();
    const whole = { ...spike, parameters: { ratePerSecond: 1_000 }, ttlMs: 900_000 };
    await expect(engine.inject(whole)).rejects.toMatchObject({
      code: 'unprocessable',
      message: 'traffic-spike: rate × seconds must be at most 100000 orders',
    });
    await engine.inject(spike);
    const second = chaos();
    await expect(second.inject(spike)).rejects.toMatchObject({ code: 'conflict', message: 'a load run goes on' });
  });
});

describe('what is refused', () => {
  test.each([
    [{ ...latency, fault: 'gremlins' }, 'not_found', /there is no fault "gremlins"; there are latency/],
    [{ ...latency, target: 'nowhere' }, 'not_found', /has no target "nowhere"; it has gateway-orders-http/],
    [{ ...latency, parameters: { latencyMs: -1 } }, 'unprocessable', /latencyMs/],
    [{ ...latency, parameters: { latencyMs: 1e9 } }, 'unprocessable', /latencyMs/],
    [{ ...latency, parameters: { latency: 5 } }, 'unprocessable', /latency/],
    [{ ...latency, parameters: { direction: 'sideways' } }, 'unprocessable', /direction/],
  ])('%j', async (order, code, message) => {
    await expect(chaos().inject(order)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(world.toxics.size).toBe(0);
  });

  test('a second fault on a target, also while the first is being armed', async () => {
    const engine = chaos();
    const [first, second] = await Promise.allSettled([
      engine.inject(latency),
      engine.inject({ fault: 'black-hole', target: latency.target }),
    ]);
    expect([first?.status, second?.status]).toEqual(['fulfilled', 'rejected']);
    await expect(engine.inject({ fault: 'reply-lost', target: latency.target })).rejects.toMatchObject({
      code: 'conflict',
      message: 'Latency on an edge is on gateway-orders-http already: stop it first',
    });
    expect(world.toxics.size).toBe(1);
  });

  test('everything in production, unless told twice', async () => {
    const NODE_ENV = 'production';
    await expect(chaos({ environment: { NODE_ENV } }).inject(latency)).rejects.toMatchObject({ code: 'forbidden' });
    await chaos({ environment: { NODE_ENV, ORRERY_CHAOS: '1' } }).inject(latency);
  });
});

describe('stop all', () => {
  test('reverts everything and blocks until released', async () => {
    const engine = chaos();
    await engine.inject(latency);
    await engine.inject({ fault: 'freeze', target: 'billing' });
    engine.stopAll('enough');
    await clock.advance(500);
    expect(engine.state()).toMatchObject({
      stopped: { reason: 'enough' },
      faults: [
        { state: 'reverted', endedBy: 'stop-all' },
        { state: 'reverted', endedBy: 'stop-all' },
      ],
    });
    expect([world.toxics.size, world.status('billing').state]).toEqual([0, 'running']);
    await expect(engine.inject(latency)).rejects.toMatchObject({ code: 'conflict' });
    engine.release();
    expect((await engine.inject(latency)).state).toBe('armed');
  });

  test('reaches a fault that is being armed at that moment', async () => {
    const engine = chaos();
    const arming = engine.inject(latency);
    engine.stopAll('now');
    await arming;
    await clock.advance(500);
    expect(world.toxics.size).toBe(0);
    expect(engine.state().faults[0]?.state).toBe('reverted');
  });
});

test('what an earlier run left on is off, and is told so', async () => {
  const engine = chaos();
  await engine.inject(latency);
  const [run] = engine.state().faults;
  if (run === undefined) throw new Error('no run');
  expect(chaos({ before: [run] }).state().faults[0]).toMatchObject({ state: 'reverted', endedBy: 'restart' });
});

describe('the catalogue', () => {
  test('is described whole: parameters with limits, targets, invariants', () => {
    const catalogue = chaos().catalogue();
    expect(FaultDescription.array().parse(catalogue)).toEqual(catalogue);
    expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length);
    for (const fault of catalogue) {
      expect(fault.targets.length, fault.name).toBeGreaterThan(0);
      expect(fault.threatens.length, fault.name).toBeGreaterThan(0);
    }
  });

  test('has defaults that its own limits allow', () => {
    for (const fault of faults) expect(fault.parameters.safeParse({}).success, fault.name).toBe(true);
  });
});
