/**
 * The life of one process as a pure state machine: `step(lifecycle, event)` says what it becomes and what must be
 * done. Timers, signals and sockets are in managed-process.ts.
 *
 *   stopped ─start→ waiting ─dependencies→ starting ─probe→ running ⇄ degraded
 *      ↑               ↑                       └────────exited───────┴─→ backoff | crash-loop ─retry-due→ waiting
 *      └─exited─ stopping ←─stop─ (any with a process)          paused: SIGSTOP, back to what it was
 */
import type { ProcessAction, ProcessState } from '#contracts/sandbox/control.ts';
import { type BackoffPolicy, backoffDelay, recentCrashes } from './backoff.ts';

export type Exit = { atMs: number; code: number | null; signal: string | null; expected: boolean };

export type Lifecycle = {
  state: ProcessState;
  pid: number | null;
  startedAtMs: number | null;
  readyAtMs: number | null;
  starts: number;
  lastExit: Exit | null;
  nextStartAtMs: number | null;
  reason: string | null;
  waitingFor: readonly string[];
  crashes: readonly number[];
  failedProbes: number;
  /** What a paused process returns to. */
  beforePause: 'starting' | 'running' | 'degraded' | null;
  /** Set while it stops in order to start again. */
  startAgain: boolean;
};

export type LifecycleEvent =
  | { type: ProcessAction }
  | { type: 'dependencies'; missing: readonly string[] }
  | { type: 'preparing'; what: string }
  | { type: 'spawned'; pid: number }
  | { type: 'cannot-start'; reason: string; permanent: boolean }
  | { type: 'probe'; ok: true }
  | { type: 'probe'; ok: false; detail: string }
  | { type: 'exited'; code: number | null; signal: string | null; detail: string }
  | { type: 'retry-due' };

export type Effect =
  | { type: 'launch' }
  | { type: 'terminate' }
  | { type: 'signal'; signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' }
  | { type: 'wake'; atMs: number };

export type Policy = {
  backoff: BackoffPolicy;
  /** After this long without an answer a started process is shown as degraded. It is not killed: the machine may be slow. */
  readyTimeoutMs: number;
  /** Failed probes in a row before a running process is shown as degraded. */
  degradedAfter: number;
};

export type Step = { lifecycle: Lifecycle; effects: readonly Effect[] };

export const newLifecycle: Lifecycle = {
  state: 'stopped',
  pid: null,
  startedAtMs: null,
  readyAtMs: null,
  starts: 0,
  lastExit: null,
  nextStartAtMs: null,
  reason: null,
  waitingFor: [],
  crashes: [],
  failedProbes: 0,
  beforePause: null,
  startAgain: false,
};

/** What can be asked of a process in this state; anything else is a conflict. */
export const actionsIn: Record<ProcessState, readonly ProcessAction[]> = {
  stopped: ['start', 'restart'],
  waiting: ['stop', 'restart'],
  starting: ['stop', 'restart', 'kill', 'pause'],
  running: ['stop', 'restart', 'kill', 'pause'],
  degraded: ['stop', 'restart', 'kill', 'pause'],
  paused: ['stop', 'restart', 'kill', 'resume'],
  stopping: ['kill', 'start', 'stop'],
  backoff: ['start', 'restart', 'stop'],
  'crash-loop': ['start', 'restart', 'stop'],
  failed: ['start', 'restart', 'stop'],
};

export function step(
  lifecycle: Lifecycle,
  event: LifecycleEvent,
  at: { nowMs: number; random: number },
  policy: Policy,
): Step {
  switch (event.type) {
    case 'start':
      if (lifecycle.state === 'stopping') return to(lifecycle, { startAgain: true });
      return isIdle(lifecycle.state) ? to(lifecycle, wait(lifecycle)) : to(lifecycle, {});
    case 'restart':
      if (isIdle(lifecycle.state)) return to(lifecycle, wait(lifecycle));
      if (lifecycle.state === 'waiting') return to(lifecycle, {});
      if (lifecycle.state === 'stopping') return to(lifecycle, { startAgain: true });
      return to(lifecycle, { state: 'stopping', startAgain: true }, { type: 'terminate' });
    case 'stop':
      if (isIdle(lifecycle.state) || lifecycle.state === 'waiting') {
        return to(lifecycle, { state: 'stopped', reason: null, waitingFor: [], nextStartAtMs: null });
      }
      if (lifecycle.state === 'stopping') return to(lifecycle, { startAgain: false });
      return to(lifecycle, { state: 'stopping', startAgain: false }, { type: 'terminate' });
    case 'kill':
      return lifecycle.pid === null ? to(lifecycle, {}) : to(lifecycle, {}, { type: 'signal', signal: 'SIGKILL' });
    case 'pause':
      return pause(lifecycle);
    case 'resume':
      if (lifecycle.state !== 'paused') return to(lifecycle, {});
      return to(
        lifecycle,
        { state: lifecycle.beforePause ?? 'degraded', beforePause: null, failedProbes: 0, reason: null },
        { type: 'signal', signal: 'SIGCONT' },
      );
    case 'dependencies':
      if (lifecycle.state !== 'waiting') return to(lifecycle, {});
      if (event.missing.length > 0) return to(lifecycle, { waitingFor: event.missing });
      return to(
        lifecycle,
        {
          state: 'starting',
          waitingFor: [],
          starts: lifecycle.starts + 1,
          startedAtMs: at.nowMs,
          readyAtMs: null,
          failedProbes: 0,
        },
        { type: 'launch' },
      );
    case 'preparing':
      return to(lifecycle, lifecycle.state === 'starting' ? { reason: event.what } : {});
    case 'spawned':
      // Preparation (initdb, a build) is not the process's time.
      return to(lifecycle, { pid: event.pid, startedAtMs: at.nowMs });
    case 'cannot-start':
      if (lifecycle.state === 'stopping') return stopped(lifecycle);
      if (event.permanent) {
        return to(lifecycle, { state: 'failed', pid: null, reason: event.reason, beforePause: null });
      }
      return crashed(lifecycle, event.reason, at, policy);
    case 'probe':
      return event.ok ? answered(lifecycle, at.nowMs) : silent(lifecycle, event.detail, at.nowMs, policy);
    case 'exited': {
      const expected = lifecycle.state === 'stopping';
      const lastExit = { atMs: at.nowMs, code: event.code, signal: event.signal, expected };
      const ended = { ...lifecycle, pid: null, lastExit, beforePause: null };
      return expected ? stopped(ended) : crashed(ended, event.detail, at, policy);
    }
    case 'retry-due':
      return lifecycle.state === 'backoff' || lifecycle.state === 'crash-loop'
        ? to(lifecycle, wait(lifecycle))
        : to(lifecycle, {});
  }
}

/** True where no operating-system process exists or is about to. */
export function isIdle(state: ProcessState): boolean {
  return state === 'stopped' || state === 'backoff' || state === 'crash-loop' || state === 'failed';
}

function to(lifecycle: Lifecycle, change: Partial<Lifecycle>, ...effects: Effect[]): Step {
  return { lifecycle: { ...lifecycle, ...change }, effects };
}

/** The reason of the last crash stays readable until the process is ready again. */
function wait(lifecycle: Lifecycle): Partial<Lifecycle> {
  return { state: 'waiting', nextStartAtMs: null, startAgain: false, reason: lifecycle.reason };
}

function pause(lifecycle: Lifecycle): Step {
  const { state } = lifecycle;
  if (lifecycle.pid === null || (state !== 'starting' && state !== 'running' && state !== 'degraded')) {
    return to(lifecycle, {});
  }
  return to(lifecycle, { state: 'paused', beforePause: state }, { type: 'signal', signal: 'SIGSTOP' });
}

function stopped(lifecycle: Lifecycle): Step {
  const ended: Partial<Lifecycle> = { pid: null, startedAtMs: null, readyAtMs: null, failedProbes: 0 };
  if (lifecycle.startAgain) return to(lifecycle, { ...ended, ...wait(lifecycle), reason: null });
  return to(lifecycle, { ...ended, state: 'stopped', reason: null });
}

function crashed(lifecycle: Lifecycle, reason: string, at: { nowMs: number; random: number }, policy: Policy): Step {
  const crashes = [...recentCrashes(lifecycle.crashes, at.nowMs, policy.backoff), at.nowMs];
  const nextStartAtMs = at.nowMs + backoffDelay(crashes.length, at.random, policy.backoff);
  return to(
    lifecycle,
    {
      state: crashes.length >= policy.backoff.loopCrashes ? 'crash-loop' : 'backoff',
      pid: null,
      startedAtMs: null,
      readyAtMs: null,
      failedProbes: 0,
      crashes,
      nextStartAtMs,
      reason,
    },
    { type: 'wake', atMs: nextStartAtMs },
  );
}

function answered(lifecycle: Lifecycle, nowMs: number): Step {
  if (lifecycle.state !== 'starting' && lifecycle.state !== 'degraded' && lifecycle.state !== 'running') {
    return to(lifecycle, {});
  }
  return to(lifecycle, {
    state: 'running',
    readyAtMs: lifecycle.readyAtMs ?? nowMs,
    failedProbes: 0,
    reason: null,
  });
}

function silent(lifecycle: Lifecycle, detail: string, nowMs: number, policy: Policy): Step {
  const failedProbes = lifecycle.failedProbes + 1;
  if (lifecycle.state === 'running' && failedProbes >= policy.degradedAfter) {
    return to(lifecycle, { state: 'degraded', failedProbes, reason: `does not answer: ${detail}` });
  }
  if (lifecycle.state === 'starting' && nowMs - (lifecycle.startedAtMs ?? nowMs) >= policy.readyTimeoutMs) {
    const seconds = Math.round(policy.readyTimeoutMs / 1000);
    return to(lifecycle, { state: 'degraded', failedProbes, reason: `not ready after ${seconds} s: ${detail}` });
  }
  if (lifecycle.state === 'degraded') return to(lifecycle, { failedProbes, reason: lifecycle.reason ?? detail });
  return to(lifecycle, { failedProbes });
}
