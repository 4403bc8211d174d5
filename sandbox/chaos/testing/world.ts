/** A world that remembers what was done to it, and a clock that a test moves. */

import { AppError } from '#contracts/errors.ts';
import type { ProcessAction, ProcessStatus } from '#contracts/sandbox/control.ts';
import type { AgentStatus } from '#contracts/sandbox/fault-agent.ts';
import type { LoadRun } from '#contracts/sandbox/load.ts';
import { isOver } from '#contracts/sandbox/load-limits.ts';
import { loadRun } from '../../load/testing/load-run.ts';
import type { Clock } from '../clock.ts';
import type { ToxicOrder, World } from '../world.ts';

export type FakeWorld = World & {
  toxics: Map<string, ToxicOrder & { hits: number }>;
  disabled: Set<string>;
  /** What is on in fault agents, by service and id. */
  armed: Map<string, AgentStatus>;
  statuses: Map<string, ProcessStatus>;
  actions: string[];
  /** Load runs, the one that goes on last. */
  runs: LoadRun[];
  /** Names what must fail: `removeToxic`, `probe`, `the answer to arm` (it is on all the same). */
  broken: Set<string>;
};

export function fakeWorld(): FakeWorld {
  const toxics: FakeWorld['toxics'] = new Map();
  const agents: FakeWorld['armed'] = new Map();
  const disabled = new Set<string>();
  const broken = new Set<string>();
  const actions: string[] = [];
  const runs: LoadRun[] = [];
  const statuses = new Map<string, ProcessStatus>(
    [
      'gateway',
      'orders',
      'postgres',
      'broker',
      'telemetry',
      'inference',
      'billing',
      'pricing',
      'payments',
      'inventory',
    ].map((name) => [name, running(name)]),
  );
  const status = (name: string): ProcessStatus => {
    const known = statuses.get(name);
    if (known === undefined) throw new AppError('not_found', `there is no process "${name}"`);
    return known;
  };
  const failIf = (name: string) => {
    if (broken.has(name)) throw new AppError('dependency_failed', `${name} is broken`);
  };
  return {
    toxics,
    disabled,
    armed: agents,
    statuses,
    actions,
    runs,
    broken,
    edges: [
      { name: 'gateway-orders-http', from: 'gateway', to: 'orders', protocol: 'http' },
      { name: 'billing-payments-http', from: 'billing', to: 'payments', protocol: 'http' },
      { name: 'orders-pricing-grpc', from: 'orders', to: 'pricing', protocol: 'grpc' },
      { name: 'orders-broker-kafka', from: 'orders', to: 'broker', protocol: 'kafka' },
      { name: 'orders-postgres-postgres', from: 'orders', to: 'postgres', protocol: 'postgres' },
    ],
    processes: [...statuses.keys()].map((name) => ({
      name,
      title: name,
      kind: name === 'postgres' ? 'database' : name === 'broker' ? 'broker' : 'crud',
    })),
    services: ['gateway', 'orders', 'billing', 'inference', 'pricing', 'payments', 'inventory'],
    notes: {},
    proxies: {
      touched: null,
      async addToxic(edge, order) {
        failIf(`addToxic ${order.type}`);
        toxics.set(`${edge}/${order.name}`, { ...order, hits: 0 });
      },
      async removeToxic(edge, name) {
        failIf('removeToxic');
        toxics.delete(`${edge}/${name}`);
      },
      readToxic: async (edge, name) => toxics.get(`${edge}/${name}`) ?? null,
      async disable(edge) {
        disabled.add(edge);
        failIf('the answer to disable');
      },
      async enable(edge) {
        disabled.delete(edge);
      },
      read: async (edge) => ({ enabled: !disabled.has(edge), cut: disabled.has(edge) ? 3 : 0 }),
      probe: async () => failIf('probe'),
    },
    act(name, action: ProcessAction) {
      actions.push(`${action} ${name}`);
      status(name);
    },
    status,
    async freeze(name) {
      statuses.set(name, { ...status(name), state: 'paused' });
    },
    async thaw(name) {
      statuses.set(name, { ...status(name), state: 'running' });
    },
    agents: {
      async arm(service, id) {
        agents.set(`${service}/${id}`, { id, kind: 'fake', hits: 0 });
        failIf('the answer to arm');
      },
      async disarm(service, id) {
        failIf('disarm');
        agents.delete(`${service}/${id}`);
      },
      read: async (service, id) => agents.get(`${service}/${id}`) ?? null,
    },
    failpoints: {
      arm: async () => Promise.reject(new AppError('unavailable', 'no failpoints here')),
      async disarm() {},
      read: async () => null,
    },
    load: {
      async start(plan) {
        if (runs.some((run) => !isOver(run))) throw new AppError('conflict', 'a load run goes on');
        const run = { ...loadRun(plan, '2026-01-01T00:00:00.000Z'), run: `load-${runs.length}` };
        runs.push(run);
        return run;
      },
      read: async (id) => runs.find(({ run }) => run === id) ?? null,
      stop(id) {
        actions.push(`stop ${id}`);
        const at = runs.findIndex(({ run }) => run === id);
        const run = runs[at];
        if (run === undefined) throw new AppError('not_found', `no run ${id}`);
        runs[at] = { ...run, phase: run.phase === 'placing' ? 'settling' : 'stopped' };
      },
    },
  };
}

export function running(name: string): ProcessStatus {
  return {
    name,
    state: 'running',
    pid: 100,
    ports: {},
    startedAt: null,
    readyAt: null,
    restarts: 0,
    lastExit: null,
    nextStartAt: null,
    reason: null,
    waitingFor: [],
    cpuPercent: null,
    memoryBytes: null,
  };
}

export type FakeClock = Clock & {
  /** Lets time pass in small steps, and what follows from it happen. */
  advance(ms: number): Promise<void>;
};

export function fakeClock(): FakeClock {
  let nowMs = 0;
  const timers = new Set<{ dueMs: number; callback(): void }>();
  return {
    now: () => nowMs,
    wall: () => new Date(Date.UTC(2026, 0, 1) + nowMs),
    after(ms, callback) {
      const timer = { dueMs: nowMs + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      for (const until = nowMs + ms; nowMs < until; ) {
        nowMs = Math.min(until, nowMs + 50);
        for (const timer of [...timers].filter(({ dueMs }) => dueMs <= nowMs)) {
          timers.delete(timer);
          timer.callback();
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}
