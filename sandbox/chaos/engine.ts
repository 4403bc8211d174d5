/** The chaos engine: arms faults from the registry, holds their leases, ends them, and can stop them all. */
import { randomUUID } from 'node:crypto';
import { AppError } from '#contracts/errors.ts';
import { type ChaosState, type FaultDescription, FaultOrder, type FaultRun } from '#contracts/sandbox/chaos.ts';
import { isActive } from '#contracts/sandbox/chaos-limits.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Fault } from './fault.ts';
import { faultWindows } from './footprints.ts';
import { Lease } from './lease.ts';
import { describeParameters, parseParameters } from './parameters.ts';
import type { World } from './world.ts';

export type ChaosOptions = {
  faults: readonly Fault[];
  world: World;
  environment: NodeJS.ProcessEnv;
  /** What an earlier run of the sandbox has written; see `onChange`. */
  before?: readonly FaultRun[];
  clock?: Clock;
  newId?: () => string;
  /** Called after each change, to write and to show it. */
  onChange?(state: ChaosState): void;
};

export type Chaos = ReturnType<typeof createChaos>;

const mostKept = 100;

export function createChaos({ faults, world, environment, onChange, ...options }: ChaosOptions) {
  const clock = options.clock ?? systemClock;
  const newId = options.newId ?? (() => randomUUID());
  const byName = new Map(faults.map((fault) => [fault.name, fault]));
  const leases = new Map<string, Lease>();
  /** Targets that are being armed right now: two requests at once must not both find them free. */
  const arming = new Set<string>();
  let ended: FaultRun[] = (options.before ?? []).map((run) => afterRestart(run, clock));
  let stopped: ChaosState['stopped'] = null;

  function state(): ChaosState {
    const on = [...leases.values()].map((lease) => lease.run).reverse();
    return { stopped, faults: [...on, ...ended] };
  }

  function changed(): void {
    for (const [id, { run }] of leases) {
      if (isActive(run)) continue;
      leases.delete(id);
      ended = [run, ...ended].slice(0, mostKept);
    }
    onChange?.(state());
  }

  function find(id: string): FaultRun {
    const run = leases.get(id)?.run ?? ended.find((known) => known.id === id);
    if (run === undefined) throw new AppError('not_found', `there is no fault "${id.slice(0, 100)}"`);
    return run;
  }

  function assertAllowed(target: string): void {
    if (environment.NODE_ENV === 'production' && environment.ORRERY_CHAOS !== '1') {
      throw new AppError('forbidden', 'NODE_ENV is production: faults need ORRERY_CHAOS=1 beside it');
    }
    if (stopped !== null) {
      throw new AppError('conflict', `all faults are stopped (${stopped.reason}): release first`);
    }
    const other = [...leases.values()].find(({ run }) => run.target === target);
    if (other) throw new AppError('conflict', `${other.run.title} is on ${target} already: stop it first`);
    if (arming.has(target)) throw new AppError('conflict', `another fault is being armed on ${target}`);
  }

  /** Throws `unprocessable` for parameters, `not_found` for an unknown fault or target, `conflict` when it may not be. */
  async function inject(given: FaultOrder): Promise<FaultRun> {
    const order = FaultOrder.parse(given);
    const fault = byName.get(order.fault);
    if (fault === undefined) {
      throw new AppError('not_found', `there is no fault "${order.fault}"; there are ${[...byName.keys()].join(', ')}`);
    }
    const targets = fault.targets(world);
    const target = targets.find(({ id }) => id === order.target);
    if (target === undefined) {
      const known = targets.map(({ id }) => id).join(', ');
      throw new AppError('not_found', `${fault.name} has no target "${order.target}"; it has ${known}`);
    }
    const parameters = parseParameters(fault, { ...target.defaults, ...order.parameters });
    assertAllowed(target.id);
    const id = newId();
    const { ttlMs, seed } = order;
    arming.add(target.id);
    try {
      const armedAt = clock.wall();
      const injection = await fault.inject({ id, target: target.id, parameters, ttlMs, seed, world });
      const run: FaultRun = {
        id,
        fault: fault.name,
        code: fault.code,
        title: fault.title,
        target: target.id,
        touches: target.touches,
        parameters,
        seed,
        ttlMs,
        state: 'armed',
        hits: 0,
        ...(countsNothing(world, target.id) ? { uncounted: true as const } : {}),
        armedAt: armedAt.toISOString(),
        expiresAt: new Date(armedAt.getTime() + ttlMs).toISOString(),
        endedAt: null,
        endedBy: null,
        revertMs: null,
        reason: null,
      };
      const lease = new Lease({ run, injection, clock, onChange: changed });
      leases.set(id, lease);
      // Stopped while it was being armed.
      if (stopped !== null) void lease.end('stop-all');
      changed();
      return run;
    } finally {
      arming.delete(target.id);
    }
  }

  function stop(id: string): FaultRun {
    const lease = leases.get(id);
    if (lease === undefined) {
      find(id);
      throw new AppError('conflict', 'this fault has ended already');
    }
    void lease.end('user');
    return lease.run;
  }

  /** Reverts everything, and lets nothing be armed until `release`. Does not wait for the probes. */
  function stopAll(reason: string): ChaosState {
    stopped = { at: clock.wall().toISOString(), reason };
    for (const lease of [...leases.values()]) void lease.end('stop-all');
    changed();
    return state();
  }

  function release(): ChaosState {
    stopped = null;
    changed();
    return state();
  }

  return {
    catalogue: (): FaultDescription[] => faults.map((fault) => describeFault(fault, world)),
    state,
    /** Which spans are touched by what is on and by what has ended lately. */
    windows: () => faultWindows(state(), faults, world, clock.wall()),
    find,
    inject,
    stop,
    stopAll,
    release,
    /** Forgets the leases because the sandbox ends, and every injector with it. */
    close(): void {
      for (const lease of leases.values()) lease.forget();
    },
  };
}

function describeFault(fault: Fault, world: World): FaultDescription {
  const { name, code, title, topic, mechanism, expect, threatens } = fault;
  return {
    name,
    code,
    title,
    topic,
    mechanism,
    expect,
    threatens: [...threatens],
    parameters: describeParameters(fault),
    targets: fault.targets(world),
    ...(world.notes[topic] === undefined ? {} : { here: world.notes[topic] }),
  };
}

/** Whether nobody counts what is touched on it: see World. */
function countsNothing({ proxies, edges }: World, target: string): boolean {
  return proxies.touched !== null && edges.some(({ name }) => name === target);
}

/**
 * What an earlier sandbox left on is off by now: children end with it, and where services and proxies go on without the
 * supervisor, its leftovers are taken off before there is an engine (supervisor/docker/end-leftovers.ts).
 */
function afterRestart(run: FaultRun, clock: Clock): FaultRun {
  if (!isActive(run)) return run;
  return { ...run, state: 'reverted', endedBy: 'restart', endedAt: clock.wall().toISOString(), reason: null };
}
