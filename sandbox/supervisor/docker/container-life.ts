/**
 * One container as a process of the fleet, as a pure state machine. The engine is the source of truth: it restarts what
 * crashes by itself (`restart: unless-stopped`), and anybody may stop a container. What it does not do is to start again
 * what was killed through its API; that is done here, after the backoff that every crash has.
 */
import type { ProcessAction, ProcessState } from '#contracts/sandbox/control.ts';
import { type BackoffPolicy, backoffDelay, recentCrashes } from '../backoff.ts';
import { actionsIn, type Exit } from '../lifecycle.ts';
import type { Container, ContainerAction } from './engine.ts';

export type ContainerLife = {
  /** As last seen; null when there is none. */
  seen: Container | null;
  restarts: number;
  /** The engine's count of restarts when it was last started: it goes up before the start that it counts. */
  countedRestarts: number;
  readyAtMs: number | null;
  lastExit: Exit | null;
  crashes: readonly number[];
  /** It runs, as far as is known: an end is told by an event and by the next look, and counts once. */
  open: boolean;
  /** What was asked of the engine here and is not there yet. */
  asked: 'start' | 'stop' | 'restart' | 'kill' | null;
  /** Somebody stops it, as far as its events say: its end is no crash. */
  ending: boolean;
  /** It was killed from here, and is started again then. */
  startAtMs: number | null;
  /** Why the last thing that was asked was not done. */
  problem: string | null;
};

export type LifeEvent =
  | { type: 'seen'; container: Container | null }
  | { type: 'started' }
  | { type: 'signalled'; signal: string }
  | { type: 'died'; code: number; atMs: number }
  | { type: 'asked'; action: ProcessAction }
  | { type: 'done'; action: ContainerAction }
  | { type: 'refused'; reason: string }
  | { type: 'retry-due' };

export type LifeEffect = { type: 'call'; action: ContainerAction } | { type: 'wake'; atMs: number };
export type LifeStep = { life: ContainerLife; effects: readonly LifeEffect[] };

export const newContainerLife: ContainerLife = {
  seen: null,
  restarts: 0,
  countedRestarts: 0,
  readyAtMs: null,
  lastExit: null,
  crashes: [],
  open: false,
  asked: null,
  ending: false,
  startAtMs: null,
  problem: null,
};

/** As elsewhere, except for a container that waits: compose starts it when what it needs is there. */
export const containerActionsIn: Record<ProcessState, readonly ProcessAction[]> = { ...actionsIn, waiting: [] };

export function stepContainer(life: ContainerLife, event: LifeEvent, at: Now, policy: BackoffPolicy): LifeStep {
  switch (event.type) {
    case 'seen':
      return see(life, event.container, at, policy);
    case 'started':
      return to(life, { open: true, ending: false, startAtMs: null });
    case 'signalled':
      return to(life, { ending: life.ending || (event.signal !== '9' && event.signal !== 'SIGKILL') });
    case 'died':
      return isLate(life, event.atMs)
        ? to(life, { lastExit: exitOf(event.code, event.atMs, life.ending) })
        : ended(life, event, at, policy);
    case 'asked':
      return ask(life, event.action);
    case 'done':
      return to(life, event.action === life.asked && life.asked !== 'kill' ? { asked: null } : {});
    case 'refused':
      return to(life, { asked: null, problem: event.reason });
    case 'retry-due':
      return life.startAtMs === null ? to(life, {}) : to(life, { startAtMs: null, asked: 'start' }, 'start');
  }
}

export function stateOf(life: ContainerLife, policy: BackoffPolicy): ProcessState {
  const { seen, asked, startAtMs, crashes } = life;
  if (seen === null) return 'stopped';
  const crashed = crashes.length >= policy.loopCrashes ? 'crash-loop' : 'backoff';
  switch (isUp(life) || !isAlive(seen) ? seen.status : 'exited') {
    case 'created':
      return asked === 'start' ? 'starting' : 'waiting';
    case 'running':
      if (asked === 'stop' || asked === 'restart') return 'stopping';
      if (seen.health === 'starting') return 'starting';
      return seen.health === 'unhealthy' ? 'degraded' : 'running';
    case 'paused':
      return asked === 'stop' || asked === 'restart' ? 'stopping' : 'paused';
    case 'restarting':
      return asked === 'stop' ? 'stopping' : crashed;
    case 'removing':
      return 'stopping';
    case 'exited':
      if (startAtMs !== null) return crashed;
      if (asked === 'start' || asked === 'restart') return 'starting';
      return seen.error === '' ? 'stopped' : 'failed';
    case 'dead':
      return 'failed';
  }
}

/** It runs: as last seen, and its end has not been told since. */
export function isUp({ seen, open }: ContainerLife): boolean {
  return seen !== null && isAlive(seen) && open;
}

/** News of an end that a look has overtaken: it runs again. */
function isLate({ seen }: ContainerLife, atMs: number): boolean {
  return seen !== null && isAlive(seen) && atMs < (seen.startedAtMs ?? 0);
}

type Now = { nowMs: number; random: number };

function see(life: ContainerLife, container: Container | null, now: Now, policy: BackoffPolicy): LifeStep {
  if (container === null) return to({ ...newContainerLife, restarts: life.restarts, lastExit: life.lastExit }, {});
  const before = life.seen;
  // Asked before its end, answered after it was told.
  if (isAlive(container) && (container.startedAtMs ?? 0) < (life.lastExit?.atMs ?? 0)) return to(life, {});
  const startedAnew = before !== null && (container.startedAtMs ?? 0) > (before.startedAtMs ?? 0);
  const seen: ContainerLife = {
    ...life,
    seen: container,
    crashes: recentCrashes(life.crashes, now.nowMs, policy),
    ...countRestarts(life, container, startedAnew),
    readyAtMs: startedAnew || !isAlive(container) ? null : life.readyAtMs,
  };
  if (isAlive(container)) {
    const endedUnseen = startedAnew && life.open && container.finishedAtMs !== null;
    return to(seen, {
      ...aliveNow(life, container, startedAnew, now.nowMs),
      // Its code is gone with the next start, unless the event still comes.
      ...(endedUnseen
        ? {
            lastExit: {
              atMs: container.finishedAtMs ?? 0,
              code: null,
              signal: null,
              expected: life.asked === 'restart',
            },
          }
        : {}),
    });
  }
  const { exitCode: code, finishedAtMs } = container;
  if (container.status === 'created' || container.status === 'removing') return to(seen, {});
  if (life.open) return ended(seen, { code, atMs: finishedAtMs ?? now.nowMs }, now, policy);
  if (life.lastExit !== null || finishedAtMs === null) return to(seen, {});
  return to(seen, { lastExit: exitOf(code, finishedAtMs, true) });
}

/** The first start is no restart; a start by hand sets the engine's own count to zero. */
function countRestarts(
  { seen, restarts, countedRestarts }: ContainerLife,
  { restartCount }: Container,
  startedAnew: boolean,
): Pick<ContainerLife, 'restarts' | 'countedRestarts'> {
  if (seen === null) return { restarts: restarts + restartCount, countedRestarts: restartCount };
  if (!startedAnew) return { restarts, countedRestarts };
  const counted = Math.max(seen.startedAtMs === null ? 0 : 1, restartCount - countedRestarts);
  return { restarts: restarts + counted, countedRestarts: restartCount };
}

function aliveNow(
  { seen: before, asked, readyAtMs }: ContainerLife,
  { status, health, startedAtMs, healthySinceMs }: Container,
  startedAnew: boolean,
  nowMs: number,
): Partial<ContainerLife> {
  const isReady = status === 'running' && (health === 'healthy' || health === 'none');
  // What was ready before anybody looked has been so for as long as its checks remember.
  const sinceMs = before === null ? (healthySinceMs ?? nowMs) : nowMs;
  const knownMs = startedAnew ? null : readyAtMs;
  return {
    open: true,
    readyAtMs: knownMs ?? (isReady ? Math.max(startedAtMs ?? 0, sinceMs) : null),
    ...(startedAnew ? { asked: asked === 'stop' ? 'stop' : null, ending: false, startAtMs: null } : {}),
  };
}

/** Its end, however it became known. */
function ended(
  life: ContainerLife,
  { code, atMs }: { code: number; atMs: number },
  { nowMs, random }: Now,
  policy: BackoffPolicy,
): LifeStep {
  if (!life.open) return to(life, {});
  const wasKilled = life.asked === 'kill';
  const expected = !wasKilled && (life.asked === 'stop' || life.asked === 'restart' || life.ending);
  const asked = life.asked === 'restart' ? life.asked : null;
  const over = { ...life, open: false, lastExit: exitOf(code, atMs, expected), asked, readyAtMs: null };
  if (expected) return to(over, {});
  const crashes = [...recentCrashes(life.crashes, nowMs, policy), nowMs];
  if (!wasKilled) return to(over, { crashes });
  const startAtMs = nowMs + backoffDelay(crashes.length, random, policy);
  return { life: { ...over, crashes, startAtMs }, effects: [{ type: 'wake', atMs: startAtMs }] };
}

function ask(life: ContainerLife, action: ProcessAction): LifeStep {
  const alive = life.seen !== null && isAlive(life.seen);
  switch (action) {
    case 'start':
      // While it stops: it is asked to come back.
      if (life.asked === 'stop' && alive) return to(life, { asked: 'restart' }, 'restart');
      return to(life, { asked: 'start', startAtMs: null, problem: null }, isRestarting(life) ? 'restart' : 'start');
    case 'restart':
      if (!alive && !isRestarting(life)) return to(life, { asked: 'start', startAtMs: null, problem: null }, 'start');
      return to(life, { asked: 'restart', problem: null }, 'restart');
    case 'stop':
      if (!alive && !isRestarting(life)) return to(life, { asked: null, startAtMs: null });
      return to(life, { asked: 'stop', problem: null }, 'stop');
    case 'kill':
      // What is being stopped stays stopped; it only ends sooner.
      return to(life, { asked: life.asked === 'stop' ? 'stop' : 'kill', problem: null }, 'kill');
    case 'pause':
      return to(life, { problem: null }, 'pause');
    case 'resume':
      return to(life, { problem: null }, 'unpause');
  }
}

function isAlive({ status }: Container): boolean {
  return status === 'running' || status === 'paused';
}

function isRestarting({ seen }: ContainerLife): boolean {
  return seen?.status === 'restarting';
}

/** A shell's convention, which the engine keeps: above 128 it is the number of the signal. */
function exitOf(code: number, atMs: number, expected: boolean): Exit {
  const signal = signals[code - 128] ?? null;
  return { atMs, code: signal === null ? code : null, signal, expected };
}

const signals: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

function to(life: ContainerLife, change: Partial<ContainerLife>, call?: ContainerAction): LifeStep {
  return { life: { ...life, ...change }, effects: call === undefined ? [] : [{ type: 'call', action: call }] };
}
