/** A sandbox that does what a test tells it, and an experiment for it. */
import { AppError } from '#contracts/errors.ts';
import type { AuditBoard, FinalAudit, Verdict } from '#contracts/sandbox/audit.ts';
import type { ChaosState, FaultDescription, FaultOrder, FaultRun } from '#contracts/sandbox/chaos.ts';
import type { ServicePatterns } from '#contracts/sandbox/control-channel.ts';
import { Experiment } from '#contracts/sandbox/experiment-file.ts';
import type { LoadPlan, LoadRun } from '#contracts/sandbox/load.ts';
import { type FakeClock, running } from '../../chaos/testing/world.ts';
import { loadRun } from '../../load/testing/load-run.ts';
import type { ExperimentWorld } from '../world.ts';

export type FakeSandbox = ExperimentWorld & {
  injected: Required<FaultOrder>[];
  faults: FaultRun[];
  plans: LoadPlan[];
  stops: string[];
  statuses: Map<string, ReturnType<typeof running>>;
  /** What the auditor finds; by default S3 and L1 valid. */
  verdicts: Verdict[];
  /** Hits of each fault from its arming. */
  hits: number;
  stopped: ChaosState['stopped'];
  /** What was switched, in order. */
  switches: string[];
  /** Services whose control channel does not answer. */
  away: Set<string>;
  /** What the client sees of the run that goes on. */
  answers: Partial<LoadRun>;
};

export function experiment(changes: Record<string, unknown> = {}): Experiment {
  return Experiment.parse({
    title: 'The broker is away',
    description: 'Orders wait.',
    'steady-state-hypothesis': {
      title: 'all is well',
      probes: [{ type: 'probe', name: 'all run', provider: { type: 'processes' }, tolerance: 0, within: '1s' }],
    },
    load: { rate: 5, for: '10s' },
    method: [
      {
        type: 'action',
        name: 'outage',
        at: '2s',
        provider: { type: 'fault', fault: 'broker-down', target: 'broker', for: '4s' },
      },
    ],
    invariants: ['S3', 'L1'],
    ...changes,
  });
}

export function verdict(id: Verdict['id'], changes: Partial<Verdict> = {}): Verdict {
  return {
    id,
    name: `name of ${id}`,
    kind: id.startsWith('S') ? 'safety' : 'liveness',
    statement: 'it holds',
    deadlineMs: null,
    state: 'valid',
    why: null,
    evidence: [{ count: 3, of: 'orders' }],
    violations: 0,
    counterexample: null,
    checkedAt: null,
    ...changes,
  };
}

export const brokerDown: FaultDescription = {
  name: 'broker-down',
  code: 'F-35',
  title: 'Broker down',
  topic: 'infrastructure',
  mechanism: 'It is killed.',
  expect: 'Orders wait.',
  threatens: ['L1'],
  parameters: [],
  targets: [{ id: 'broker', label: 'Broker', touches: ['broker', 'orders'] }],
};

export function fakeSandbox(clock: FakeClock): FakeSandbox {
  const starts = new Map<string, number>();
  const now = () => clock.wall().toISOString();
  const faults: FaultRun[] = [];
  let load: { run: LoadRun; startedMs: number } | null = null;
  const look = (fault: FaultRun): FaultRun => {
    const isOver = clock.now() - (starts.get(fault.id) ?? 0) >= fault.ttlMs;
    if (fault.state === 'reverted') return fault;
    const over = isOver || sandbox.stops.includes(fault.id);
    const state = over ? 'reverted' : sandbox.hits > 0 ? 'biting' : 'armed';
    const after: FaultRun = {
      ...fault,
      hits: sandbox.hits,
      state,
      endedAt: over ? now() : null,
      endedBy: over ? (isOver ? 'lease' : 'user') : null,
      revertMs: over ? 10 : null,
    };
    faults[faults.indexOf(fault)] = after;
    sandbox.statuses.set(fault.target, { ...running(fault.target), state: over ? 'running' : 'stopped' });
    return after;
  };
  const board = (): AuditBoard => ({
    verdicts: sandbox.verdicts,
    coverage: { audited: 0, waiting: 0, held: 0, messages: 0 },
    calmSince: null,
    at: now(),
  });
  const final = (): FinalAudit => ({
    run: 1,
    state: 'done',
    phases: [],
    verdicts: sandbox.verdicts,
    problem: null,
    startedAt: now(),
    endedAt: now(),
  });
  const sandbox: FakeSandbox = {
    injected: [],
    faults,
    plans: [],
    stops: [],
    statuses: new Map([running('broker'), running('orders')].map((status) => [status.name, status])),
    verdicts: [verdict('S3'), verdict('L1')],
    hits: 1,
    stopped: null,
    switches: [],
    away: new Set(),
    answers: {},
    chaos: {
      catalogue: () => [brokerDown],
      state: () => ({ stopped: sandbox.stopped, faults: faults.map(look) }),
      async inject(order) {
        const full = order as Required<FaultOrder>;
        sandbox.injected.push(full);
        const id = `fault-${faults.length}`;
        starts.set(id, clock.now());
        const fault: FaultRun = {
          id,
          fault: full.fault,
          code: 'F-35',
          title: 'Broker down',
          target: full.target,
          touches: ['broker', 'orders'],
          parameters: {},
          seed: full.seed,
          ttlMs: full.ttlMs,
          state: 'armed',
          hits: 0,
          armedAt: now(),
          expiresAt: now(),
          endedAt: null,
          endedBy: null,
          revertMs: null,
          reason: null,
        };
        faults.push(fault);
        return fault;
      },
      find(id) {
        const fault = faults.find((one) => one.id === id);
        if (fault === undefined) throw new AppError('not_found', id);
        return look(fault);
      },
      stop(id) {
        sandbox.stops.push(id);
        return sandbox.chaos.find(id);
      },
    },
    load: {
      async start(plan) {
        sandbox.plans.push(plan);
        load = { run: loadRun(plan, now()), startedMs: clock.now() };
        return load.run;
      },
      async find() {
        if (load === null) throw new AppError('not_found', 'no load');
        const isOver = clock.now() - load.startedMs >= load.run.plan.seconds * 1_000 || sandbox.stops.includes('load');
        const seen = { ...load.run, ...sandbox.answers };
        return isOver ? { ...seen, phase: 'finished' as const, endedAt: now() } : seen;
      },
      stop(run) {
        sandbox.stops.push('load');
        if (load === null) throw new AppError('not_found', run);
        return load.run;
      },
    },
    processes: () => [...sandbox.statuses.values()],
    startProcess: (name) => void sandbox.stops.push(`start ${name}`),
    replayParked: async (service) => {
      sandbox.stops.push(`replay ${service}`);
      return 2;
    },
    patterns: async (): Promise<ServicePatterns[]> => [],
    async switchPattern({ pattern, service }, enabled) {
      if (sandbox.away.has(service)) throw new AppError('dependency_failed', `${service} is away`);
      sandbox.switches.push(`${pattern}@${service} ${enabled ? 'on' : 'off'}`);
    },
    board: async () => board(),
    startFinal: async () => final(),
    final: async () => final(),
    worstOrders: async () => [],
  };
  return sandbox;
}
