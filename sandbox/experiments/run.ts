/**
 * One run of an experiment: steady state → method → rollbacks, which always run → settling → strict audit → steady state
 * again. The plan is made beforehand (plan.ts) and judged afterwards (judge.ts); here is what happens in between.
 */
import { AppError } from '#contracts/errors.ts';
import { isActive } from '#contracts/sandbox/chaos-limits.ts';
import type { Experiment } from '#contracts/sandbox/experiment-file.ts';
import { toleranceText } from '#contracts/sandbox/experiment-texts.ts';
import type { ExperimentRun, ProbeResult } from '#contracts/sandbox/experiments.ts';
import type { LoadRun } from '#contracts/sandbox/load.ts';
import { isOver } from '#contracts/sandbox/load-limits.ts';
import type { Clock } from '../chaos/clock.ts';
import { deviationsOf } from './judge.ts';
import { measure, type Reading } from './measure.ts';
import { createPauses, type Halt } from './pauses.ts';
import { assertFeasible, type PlannedProbe, type PlannedStep, planExperiment } from './plan.ts';
import { createRecord } from './record.ts';
import { undo } from './rollbacks.ts';
import { calmText, detectMs, type Observation, recoverMs, signsOf } from './signs.ts';
import { isWithin } from './tolerance.ts';
import type { ExperimentWorld } from './world.ts';

export type RunOptions = {
  run: string;
  experiment: Experiment;
  seed: number;
  world: ExperimentWorld;
  clock: Clock;
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

const lookEveryMs = 250;
const guardEveryMs = 1_000;
const finalAuditMs = 120_000;
/** Longest waits for what the parts promise to end by themselves sooner. */
const most = { revertMs: 60_000, settleMs: 120_000, calmMs: 30_000, auditMs: 240_000 };
const worstShown = 5;

/** Throws `unprocessable` before anything is done when the plan cannot be carried out here. */
export function runExperiment({ run: id, experiment, seed, world, clock, onChange }: RunOptions): RunHandle {
  const plan = planExperiment(experiment, seed);
  assertFeasible(plan, world.chaos.catalogue());
  const wallMs = () => clock.wall().getTime();
  const record = createRecord({ run: id, experiment, seed, plan, clock, onChange });
  const { change, tell, enter, changeProbe, changeFault } = record;
  const pauses = createPauses(clock);
  const { sleep, until } = pauses;
  const observations: Observation[] = [];
  let before: Reading = { processes: [], patterns: [], load: null, board: null };

  function stopBecause(why: Halt): void {
    if (record.run.phase !== 'over' && pauses.stop(why)) tell('guard', why.reason);
  }

  async function read(): Promise<Reading> {
    const [patterns, board] = await Promise.all([world.patterns(), world.board().catch(() => null)]);
    return { processes: world.processes(), patterns, load: record.run.load, board };
  }

  async function ask(probe: PlannedProbe, index: number): Promise<boolean> {
    const startedMs = clock.now();
    let last: Pick<ProbeResult, 'measured' | 'problem'> = { measured: null, problem: null };
    const held = await until(async () => {
      try {
        last = { measured: measure(probe.provider, await read(), before), problem: null };
      } catch (error) {
        last = { measured: null, problem: messageOf(error) };
      }
      return isWithin(last.measured, probe.tolerance);
    }, probe.withinMs);
    if (!held && pauses.halt !== null) return false;
    const tookMs = held ? Math.round(clock.now() - startedMs) : null;
    changeProbe(index, { ...last, state: held ? 'held' : 'missed', tookMs });
    const found = last.problem ?? String(last.measured);
    tell('probe', `${probe.name}: ${found}, must be ${toleranceText(probe.tolerance)} – ${held ? 'held' : 'missed'}`);
    return held;
  }

  async function askAll(when: 'before' | 'after'): Promise<boolean> {
    const first = record.run.probes.findIndex((probe) => probe.when === when);
    const answers = await Promise.all(plan.steadyState.map((probe, index) => ask(probe, first + index)));
    return answers.every(Boolean);
  }

  function assertFree(): void {
    const { stopped, faults } = world.chaos.state();
    if (stopped !== null) throw new AppError('conflict', `all faults are stopped (${stopped.reason}): release first`);
    const other = faults.find(isActive);
    if (other)
      throw new AppError(
        'conflict',
        `${other.title} is on ${other.target}: what it does would be taken for this experiment`,
      );
    const broken = before.board?.verdicts.find(({ kind, state }) => kind === 'safety' && state === 'invalid');
    if (broken) throw new AppError('conflict', `${broken.id} (${broken.name}) is broken already`);
  }

  async function arm({ name, order }: Extract<PlannedStep, { type: 'fault' }>): Promise<void> {
    try {
      const fault = await world.chaos.inject(order);
      changeFault(name, { run: fault });
      tell('fault', `${name}: ${fault.title} armed on ${fault.target}`);
    } catch (error) {
      changeFault(name, { problem: messageOf(error) });
      stopBecause({ by: 'guard', reason: `"${name}" could not be armed: ${messageOf(error)}` });
    }
  }

  /** Follows the faults' own states. */
  function lookAtFaults(): void {
    for (const { name, run: known } of record.run.faults) {
      if (known === null || known.state === 'reverted') continue;
      const now = world.chaos.find(known.id);
      if (now.state === known.state && now.hits === known.hits) continue;
      changeFault(name, { run: now });
      if (known.hits === 0 && now.hits > 0) tell('fault', `${name}: bites`);
      if (now.state === 'reverted') {
        tell(
          'fault',
          `${name}: reverted and verified in ${now.revertMs ?? 0} ms, ended by ${now.endedBy}, ${now.hits === 1 ? '1 hit' : `${now.hits} hits`}`,
        );
        if (now.endedBy === 'stop-all') stopBecause({ by: 'user', reason: 'all faults were stopped' });
      }
    }
  }

  const ownFaultsAreOver = () => {
    lookAtFaults();
    return record.run.faults.every(
      ({ run: fault }) => fault === null || fault.state === 'reverted' || fault.state === 'revert-failed',
    );
  };

  async function method(): Promise<void> {
    enter('method', `method: ${plan.load.ratePerSecond} orders a second for ${plan.load.seconds} s`);
    change({ load: await world.load.start(plan.load) });
    const startedMs = clock.now();
    change({ methodAt: clock.wall().toISOString() });
    const firstProbe = plan.steadyState.length;
    const probes = plan.steps.filter((step) => step.type === 'probe');
    await Promise.all(
      plan.steps.map(async (step) => {
        await sleep(startedMs + step.atMs - clock.now());
        if (pauses.halt !== null) return;
        if (step.type === 'fault') await arm(step);
        else await ask(step.probe, firstProbe + probes.indexOf(step));
      }),
    );
    await until(() => ownFaultsAreOver() && record.run.load?.phase !== 'placing', Number.POSITIVE_INFINITY);
  }

  /** What the experiment has begun ends here, whatever came between; then what the file asks for. */
  async function rollBack(): Promise<void> {
    enter('rollbacks', 'rollbacks');
    for (const { name, run: fault } of record.run.faults) {
      if (fault !== null && isActive(world.chaos.find(fault.id)))
        await attempt(`stop ${name}`, () => world.chaos.stop(fault.id));
    }
    const load = record.run.load;
    if (load !== null && load.phase === 'placing') await attempt('stop the load', () => world.load.stop(load.run));
    await until(ownFaultsAreOver, most.revertMs, { always: true });
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
    await until(() => record.run.load === null || isOver(record.run.load), most.settleMs, { always: true });
    await until(() => observations.at(-1)?.signs.length === 0, most.calmMs, { always: true });
    for (const { name, run: fault } of record.run.faults) {
      if (fault === null) continue;
      const [armedMs, endedMs] = [Date.parse(fault.armedAt), Date.parse(fault.endedAt ?? fault.expiresAt)];
      const detected = detectMs(observations, armedMs, Number.POSITIVE_INFINITY);
      // A process that is killed is what it is for an instant only: what counts is how long it was missed.
      const fromMs = fault.endedBy === 'itself' && detected !== null ? armedMs + detected : endedMs;
      changeFault(name, { detectMs: detected, recoverMs: detected === null ? null : recoverMs(observations, fromMs) });
    }
  }

  async function audit(): Promise<void> {
    enter('audit', 'strict audit');
    try {
      await until(() => world.startFinal(finalAuditMs).then(Boolean, isNotConflict), most.auditMs, { always: true });
      await until(async () => (await world.final()).state !== 'running', most.auditMs, { always: true });
      const final = await world.final();
      const given = final.phases.filter(({ state }) => state === 'given-up');
      change({
        verdicts: final.verdicts,
        auditNotes: [
          ...given.map(({ name, detail }) => `the audit gave up to wait for "${name}": ${detail}`),
          ...(final.problem === null ? [] : [`the final audit failed: ${final.problem}`]),
        ],
      });
    } catch (error) {
      change({ auditNotes: [`the final audit could not be made: ${messageOf(error)}`] });
    }
    if (record.run.load !== null)
      change({ worst: await world.worstOrders(record.run.load, worstShown).catch(() => []) });
  }

  /** Looks at the fleet until `over`, for the signs of the faults. */
  async function watchSigns(over: () => boolean): Promise<void> {
    let loadBefore: LoadRun | null = null;
    let usualP95Ms: number | null = null;
    const told = new Set<string>();
    while (!over()) {
      if (record.run.load !== null && !isOver(record.run.load))
        change({ load: await world.load.find(record.run.load.run).catch(() => record.run.load) });
      lookAtFaults();
      if (record.run.faults.every(({ run: fault }) => fault === null))
        usualP95Ms = record.run.load?.accepted.p95 ?? null;
      const patterns = await world.patterns();
      const signs = signsOf({ processes: world.processes(), patterns, load: record.run.load, loadBefore, usualP95Ms });
      observations.push({ atMs: wallMs(), signs });
      // Each is told once until all are gone: those that come and go by the moment would drown the rest.
      const news = signs.filter((sign) => !told.has(sign));
      if (news.length > 0) tell('sign', news.join(', '));
      for (const sign of news) told.add(sign);
      if (signs.length === 0 && told.size > 0) {
        told.clear();
        tell('sign', calmText);
      }
      loadBefore = record.run.load;
      await sleep(lookEveryMs, { always: true });
    }
  }

  async function guard(over: () => boolean): Promise<void> {
    while (!over()) {
      const board = await world.board().catch(() => null);
      const broken = board?.verdicts.find(({ kind, state }) => kind === 'safety' && state === 'invalid');
      if (broken) {
        const reason = `${broken.id} (${broken.name}) is broken: ${broken.counterexample?.problem ?? broken.statement}`;
        stopBecause({ by: 'guard', reason });
      }
      await sleep(guardEveryMs, { always: true });
    }
  }

  async function perform(): Promise<ExperimentRun> {
    let problem: string | null = null;
    let halt: Halt | null = null;
    let watching = true;
    let watched: Promise<unknown> = Promise.resolve();
    try {
      enter('steady-state', `steady state: ${experiment['steady-state-hypothesis'].title}`);
      before = await read();
      assertFree();
      if (!(await askAll('before')))
        throw new AppError('conflict', pauses.halt?.reason ?? 'the steady state does not hold');
      before = await read();
      watched = Promise.all([watchSigns(() => !watching), guard(() => !watching)]);
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
      await audit();
      enter('afterwards', 'steady state again');
      halt = pauses.halt;
      // What was stopped is asked all the same whether it is well now.
      pauses.resume();
      await askAll('after');
    }
    conclude(problem, halt ?? pauses.halt);
    return record.run;
  }

  function conclude(problem: string | null, halt: Halt | null): void {
    const endedAt = clock.wall().toISOString();
    const isByUser = halt?.by === 'user';
    if (record.run.methodAt === null) {
      const deviations = [problem ?? halt?.reason ?? 'it did not begin'];
      change({ phase: 'over', endedAt, outcome: isByUser ? 'stopped' : 'not-run', deviations });
      return;
    }
    const causes = [halt?.reason, problem].filter((text) => text !== undefined && text !== null);
    const deviations = [...new Set([...causes, ...deviationsOf(record.run)])];
    change({
      phase: 'over',
      endedAt,
      outcome: isByUser ? 'stopped' : deviations.length > 0 ? 'deviated' : 'passed',
      deviations,
    });
  }

  /** What a sandbox that stops cuts short is over as well. */
  function cutShort(error: unknown): ExperimentRun {
    change({ phase: 'over', endedAt: clock.wall().toISOString(), outcome: 'stopped', deviations: [messageOf(error)] });
    return record.run;
  }

  return {
    current: () => record.run,
    stop: (reason) => stopBecause({ by: 'user', reason }),
    abandon: pauses.abandon,
    done: perform().catch(cutShort),
  };
}

/** Another audit is under way: ours comes after it. */
function isNotConflict(error: unknown): boolean {
  if ((error as AppError).code === 'conflict') return false;
  throw error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
