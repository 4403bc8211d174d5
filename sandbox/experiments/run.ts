/**
 * One run of an experiment: steady state → method → rollbacks, which always run → settling → strict audit → steady state
 * again. The plan is made beforehand (plan.ts) and judged afterwards (judge.ts); here is what happens in between.
 */
import { AppError } from '#contracts/errors.ts';
import { isActive } from '#contracts/sandbox/chaos-limits.ts';
import { patternWords } from '#contracts/sandbox/experiment-comparison.ts';
import type { Experiment } from '#contracts/sandbox/experiment-file.ts';
import type { Comparison, ExperimentRun } from '#contracts/sandbox/experiments.ts';
import { isOver } from '#contracts/sandbox/load-limits.ts';
import type { Clock } from '../chaos/clock.ts';
import { messageOf, type RunContext, type Uncounted } from './context.ts';
import { type Damage, damageOf, lessDamage } from './damage.ts';
import { auditRun, takeStock } from './final-audit.ts';
import { judge } from './judge.ts';
import type { Reading } from './measure.ts';
import { createOwnFaults } from './own-faults.ts';
import { createPauses, type Halt } from './pauses.ts';
import { assertFeasible, planExperiment } from './plan.ts';
import { createProbing } from './probing.ts';
import { createRecord } from './record.ts';
import { undo } from './rollbacks.ts';
import { detectMs, recoverMs } from './signs.ts';
import { createSwitch } from './switch.ts';
import { createWatch } from './watch.ts';
import type { ExperimentWorld } from './world.ts';

export type RunOptions = {
  run: string;
  experiment: Experiment;
  seed: number;
  world: ExperimentWorld;
  clock: Clock;
  /** Null for a run that is compared with none. */
  comparison?: Comparison | null;
  damage?: Damage;
  /** Counted before the steady state is asked for, and added to `damage`. */
  uncounted?: Uncounted | null;
  onChange?(run: ExperimentRun): void;
};

export type RunHandle = {
  current(): ExperimentRun;
  /** Rollbacks run all the same. */
  stop(reason: string): void;
  /** Leaves everything as it is, for a sandbox that stops: its parts end what they have begun. */
  abandon(): void;
  done: Promise<ExperimentRun>;
};

/** Longest waits for what the parts promise to end by themselves sooner. */
const most = { revertMs: 60_000, settleMs: 120_000, calmMs: 30_000 };

/** Throws `unprocessable` before anything is done when the plan cannot be carried out here. */
export function runExperiment(options: RunOptions): RunHandle {
  const context = createContext(options);
  const { record, pauses, clock, stopBecause } = context;

  /** What a sandbox that stops cuts short is over as well. */
  function cutShort(error: unknown): ExperimentRun {
    const endedAt = clock.wall().toISOString();
    record.change({
      phase: 'over',
      endedAt,
      outcome: 'stopped',
      deviations: [messageOf(error)],
      ...leftOf(record.run),
    });
    return record.run;
  }

  return {
    current: () => record.run,
    stop: (reason) => stopBecause({ by: 'user', reason }),
    abandon: pauses.abandon,
    done: perform(context).catch(cutShort),
  };
}

function createContext({ run, experiment, seed, world, clock, onChange, ...options }: RunOptions): RunContext {
  const { comparison = null, damage = new Map(), uncounted = null } = options;
  const plan = planExperiment(experiment, seed);
  assertFeasible(plan, world.chaos.catalogue());
  const record = createRecord({ run, experiment, seed, plan, comparison, clock, onChange });
  const pauses = createPauses(clock);
  const startedMs = Date.parse(record.run.startedAt);
  const context: RunContext = {
    experiment,
    plan,
    comparison,
    damage,
    uncounted,
    world,
    clock,
    record,
    pauses,
    async board() {
      const board = await world.board();
      return { ...board, verdicts: lessDamage(board.verdicts, context.damage, startedMs) };
    },
    stopBecause(why) {
      if (record.run.phase !== 'over' && pauses.stop(why)) record.tell('guard', why.reason);
    },
  };
  return context;
}

async function perform(context: RunContext): Promise<ExperimentRun> {
  const { experiment, plan, world, clock, record, pauses } = context;
  const { change, tell, enter, changeFault } = record;
  const probing = createProbing(context);
  const faults = createOwnFaults(context);
  const switched = createSwitch(context);
  const watch = createWatch(context, faults, switched);

  /** What is broken already must be known before anything is judged by it. */
  async function count(): Promise<void> {
    const { uncounted } = context;
    if (uncounted === null) return;
    const runs = uncounted.runs.join(', ');
    tell('phase', `counting what ${runs} left broken when it was cut short without its pattern`);
    const left = await takeStock(context);
    await uncounted.keep(left);
    context.damage = damageOf([{ left }]);
    const found = left.map(({ id, violations }) => `${id} (${violations})`).join(', ');
    tell('phase', `left broken by ${runs}: ${found || 'nothing'}`);
  }

  async function method(): Promise<void> {
    await switched.turnOff();
    enter('method', `method: ${plan.load.ratePerSecond} orders a second for ${plan.load.seconds} s`);
    change({ load: await world.load.start(plan.load) });
    const startedMs = clock.now();
    change({ methodAt: clock.wall().toISOString() });
    const firstProbe = plan.steadyState.length;
    const probes = plan.steps.filter((step) => step.type === 'probe');
    await Promise.all(
      plan.steps.map(async (step) => {
        await pauses.sleep(startedMs + step.atMs - clock.now());
        if (pauses.halt !== null) return;
        if (step.type === 'fault') await faults.arm(step);
        else await probing.ask(step.probe, firstProbe + probes.indexOf(step));
      }),
    );
    const isDone = () => faults.areOver() && record.run.load?.phase !== 'placing';
    await pauses.until(isDone, Number.POSITIVE_INFINITY);
  }

  /** What the experiment has begun ends here, whatever came between; then what the file asks for. */
  async function rollBack(): Promise<void> {
    enter('rollbacks', 'rollbacks');
    for (const { name, id } of faults.active()) await attempt(`stop ${name}`, () => world.chaos.stop(id));
    const load = record.run.load;
    if (load !== null && load.phase === 'placing') await attempt('stop the load', () => world.load.stop(load.run));
    await pauses.until(faults.areOver, most.revertMs, { always: true });
    if (switched.off !== null) await attempt(`switch ${patternWords(switched.off)} on again`, switched.turnOn);
    for (const { name, provider } of experiment.rollbacks) await attempt(name, () => undo(provider, world));
  }

  /** Tells what it did, in its own words if it has some; a failure is told and keeps nothing else from being undone. */
  async function attempt(name: string, act: () => unknown): Promise<void> {
    try {
      const said = await act();
      tell('rollback', `${name}: ${typeof said === 'string' ? said : 'done'}`);
    } catch (error) {
      tell('rollback', `${name}: ${messageOf(error)}`);
    }
  }

  async function settle(): Promise<void> {
    enter('settling', 'waiting until every accepted order has ended');
    const { observations } = watch;
    const always = { always: true };
    await pauses.until(() => record.run.load === null || isOver(record.run.load), most.settleMs, always);
    await pauses.until(() => observations.at(-1)?.signs.length === 0, most.calmMs, always);
    for (const { name, run: fault } of record.run.faults) {
      if (fault === null) continue;
      const [armedMs, endedMs] = [Date.parse(fault.armedAt), Date.parse(fault.endedAt ?? fault.expiresAt)];
      const detected = detectMs(observations, armedMs, Number.POSITIVE_INFINITY);
      // A process that is killed is what it is for an instant only: what counts is how long it was missed.
      const fromMs = fault.endedBy === 'itself' && detected !== null ? armedMs + detected : endedMs;
      changeFault(name, { detectMs: detected, recoverMs: detected === null ? null : recoverMs(observations, fromMs) });
    }
  }

  let problem: string | null = null;
  let halt: Halt | null = null;
  let watching = true;
  let watched: Promise<unknown> = Promise.resolve();
  try {
    enter('steady-state', `steady state: ${experiment['steady-state-hypothesis'].title}`);
    await count();
    assertFree(world, await probing.begin());
    if (!(await probing.askAll('before')))
      throw new AppError('conflict', pauses.halt?.reason ?? 'the steady state does not hold');
    await probing.begin();
    watched = watch.start(() => !watching);
    // What goes wrong there is met where it is awaited; until then nobody waits for it.
    watched.catch(() => {});
    await method();
  } catch (error) {
    problem = messageOf(error);
    tell('guard', problem);
  }
  const began = record.run.methodAt !== null;
  await rollBack();
  if (began) await settle();
  watching = false;
  await watched;
  if (began) {
    await auditRun(context);
    enter('afterwards', 'steady state again');
    halt = pauses.halt;
    // What was stopped is asked all the same whether it is well now.
    pauses.resume();
    await probing.askAll('after');
  }
  change({
    phase: 'over',
    endedAt: clock.wall().toISOString(),
    ...leftOf(record.run),
    ...judge(record.run, problem, halt ?? pauses.halt),
  });
  return record.run;
}

/** What no order was placed in has left nothing. */
function leftOf({ methodAt, left }: ExperimentRun): Pick<ExperimentRun, 'left'> {
  return { left: methodAt === null ? [] : left };
}

/** Throws `conflict` while something else is going on that would be taken for the experiment. */
function assertFree(world: ExperimentWorld, { board }: Reading): void {
  const { stopped, faults } = world.chaos.state();
  if (stopped !== null) throw new AppError('conflict', `all faults are stopped (${stopped.reason}): release first`);
  const other = faults.find(isActive);
  if (other)
    throw new AppError(
      'conflict',
      `${other.title} is on ${other.target}: what it does would be taken for this experiment`,
    );
  const broken = board?.verdicts.find(({ kind, state }) => kind === 'safety' && state === 'invalid');
  if (broken) throw new AppError('conflict', `${broken.id} (${broken.name}) is broken already`);
}
