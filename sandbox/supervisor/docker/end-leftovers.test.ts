import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#contracts/errors.ts';
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import type { ProcessStatus } from '#contracts/sandbox/control.ts';
import { faults } from '#sandbox/chaos/registry.ts';
import { fakeWorld, running } from '#sandbox/chaos/testing/world.ts';
import { endLeftovers, failpointOf, type LeftoverWorld } from './end-leftovers.ts';

const armedAtMs = Date.UTC(2026, 0, 1);
const ttlMs = 60_000;
const instant = (ms: number) => new Date(armedAtMs + ms).toISOString();

let world: LeftoverWorld;
let statuses: Map<string, ProcessStatus>;
/** What was taken off or done, in no order. */
let done: string[];
/** What is found on edges. */
let onEdges: Map<string, string[]>;
/** Services and edges that do not answer. */
let mute: Set<string>;
let nowMs: number;

const ask = (whom: string, what: string) => {
  if (mute.has(whom)) throw new AppError('dependency_failed', `${whom} does not answer`);
  done.push(what);
};

beforeEach(() => {
  const { edges } = fakeWorld();
  done = [];
  onEdges = new Map();
  mute = new Set();
  nowMs = armedAtMs + 1_000;
  statuses = new Map(
    ['orders', 'billing', 'postgres'].map((name) => [name, { ...running(name), startedAt: instant(-60_000) }]),
  );
  const process = (name: string) => ({
    name,
    status: () => statuses.get(name) as ProcessStatus,
    lines: () => [],
  });
  world = {
    edges,
    proxies: {
      async sweep(edge) {
        ask(edge, `sweep ${edge}`);
        return onEdges.get(edge) ?? [];
      },
    },
    runner: {
      processes: [...statuses.keys()].map(process),
      find: process,
      act(name, action) {
        done.push(`${action} ${name}`);
        return process(name);
      },
    },
    services: ['orders', 'billing'],
    agents: { disarm: async (service, id) => ask(service, `disarm ${id} in ${service}`) },
    failpoints: { disarm: async (service, name) => ask(service, `disarm ${name} in ${service}`) },
    now: () => nowMs,
  };
});

function run(fault: string, target: string, change: Partial<FaultRun> = {}): FaultRun {
  return {
    id: `${fault}-1`,
    fault,
    code: 'F-00',
    title: fault,
    target,
    touches: [],
    parameters: {},
    seed: 'orrery',
    ttlMs,
    state: 'armed',
    hits: 0,
    armedAt: instant(0),
    expiresAt: instant(ttlMs),
    endedAt: null,
    endedBy: null,
    revertMs: null,
    reason: null,
    ...change,
  };
}

const notSweeps = () => done.filter((what) => !what.startsWith('sweep'));

describe('inside services', () => {
  test('a fault of an agent is disarmed by its id', async () => {
    expect(await endLeftovers([run('http-errors', 'orders')], world)).toEqual(['http-errors on orders']);
    expect(notSweeps()).toEqual(['disarm http-errors-1 in orders']);
  });

  test('a crash point is disarmed by the name of its failpoint', async () => {
    await endLeftovers([run('crash-after-charge', 'billing', { state: 'biting' })], world);
    expect(notSweeps()).toContain('disarm billing.after_charge in billing');
  });

  test('every crash point of the catalogue is known with the failpoint that it arms', async () => {
    const armed: Record<string, string> = {};
    for (const fault of faults.filter(({ topic }) => topic === 'crash-point')) {
      const recording = fakeWorld();
      recording.failpoints.arm = async (_, name) => {
        armed[fault.name] = name;
        throw new AppError('unavailable', 'only asked');
      };
      const parameters = fault.parameters.parse({});
      const order = { id: 'f-1', target: 'orders', parameters, ttlMs, seed: '', world: recording };
      await expect(fault.inject(order)).rejects.toThrow('only asked');
    }
    expect(failpointOf).toEqual(armed);
  });

  test('what has ended is left alone', async () => {
    expect(await endLeftovers([run('http-errors', 'orders', { state: 'reverted' })], world)).toEqual([]);
    expect(notSweeps()).toEqual([]);
  });

  test.each<[string, Partial<ProcessStatus>]>([
    ['does not run', { state: 'backoff', pid: null }],
    ['began after the fault', { startedAt: instant(500) }],
  ])('a service that %s has nothing left on', async (_, change) => {
    statuses.set('orders', { ...running('orders'), ...change });
    mute.add('orders');
    expect(await endLeftovers([run('http-errors', 'orders')], world)).toEqual(['http-errors on orders']);
  });

  test('a service that does not answer is told of, and the others are asked all the same', async () => {
    mute.add('orders');
    const runs = [run('http-errors', 'orders'), run('failing-handler', 'billing')];
    await expect(endLeftovers(runs, world)).rejects.toThrow('orders does not answer');
    expect(notSweeps()).toEqual(['disarm failing-handler-1 in billing']);
    mute.clear();
    expect(await endLeftovers(runs, world)).toEqual(['http-errors on orders', 'failing-handler on billing']);
  });

  test('a service that does not answer is waited for until its own lease is over, and no longer', async () => {
    mute.add('orders');
    nowMs = armedAtMs + ttlMs;
    await expect(endLeftovers([run('http-errors', 'orders')], world)).rejects.toThrow('orders does not answer');
    nowMs = armedAtMs + ttlMs + 5_000;
    expect(await endLeftovers([run('http-errors', 'orders')], world)).toEqual(['http-errors on orders']);
  });
});

describe('containers', () => {
  test('what is frozen goes on, what was held down is started', async () => {
    statuses.set('orders', { ...running('orders'), state: 'paused', startedAt: instant(-1) });
    statuses.set('postgres', { ...running('postgres'), state: 'stopped', pid: null });
    await endLeftovers([run('freeze', 'orders'), run('database-down', 'postgres')], world);
    expect(notSweeps()).toEqual(expect.arrayContaining(['resume orders', 'start postgres']));
  });
});

describe('edges', () => {
  test('every edge is swept, whether or not a run names it, and what none names is told', async () => {
    onEdges.set('gateway-orders-http', ['toxic-a']);
    onEdges.set('orders-pricing-grpc', ['toxic-b', 'a refusal']);
    expect(await endLeftovers([run('latency', 'gateway-orders-http')], world)).toEqual([
      'what no record names on orders-pricing-grpc (toxic-b, a refusal)',
      'latency on gateway-orders-http',
    ]);
    expect(done).toEqual(world.edges.map(({ name }) => `sweep ${name}`));
  });

  test('proxies that do not answer are told of, and services are asked all the same', async () => {
    mute.add('orders-broker-kafka');
    await expect(endLeftovers([run('http-errors', 'orders')], world)).rejects.toThrow('orders-broker-kafka');
    expect(notSweeps()).toEqual(['disarm http-errors-1 in orders']);
  });
});
