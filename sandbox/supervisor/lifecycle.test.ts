import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProcessState } from '#contracts/sandbox/control.ts';
import { defaultBackoff } from './backoff.ts';
import {
  actionsIn,
  isIdle,
  type Lifecycle,
  type LifecycleEvent,
  newLifecycle,
  type Policy,
  step,
} from './lifecycle.ts';

const policy: Policy = { backoff: defaultBackoff, readyTimeoutMs: 30_000, degradedAfter: 2 };

function after(events: LifecycleEvent[], from: Lifecycle = newLifecycle, nowMs = 1_000) {
  let lifecycle = from;
  let effects: readonly { type: string }[] = [];
  for (const event of events) ({ lifecycle, effects } = step(lifecycle, event, { nowMs, random: 0.5 }, policy));
  return { lifecycle, effects };
}

const toRunning: LifecycleEvent[] = [
  { type: 'start' },
  { type: 'dependencies', missing: [] },
  { type: 'spawned', pid: 42 },
  { type: 'probe', ok: true },
];
const running = after(toRunning).lifecycle;
const crash: LifecycleEvent = { type: 'exited', code: 1, signal: null, detail: 'exited with code 1' };

test('waits for what it needs, starts, and runs when the probe succeeds', () => {
  const waiting = after([{ type: 'start' }, { type: 'dependencies', missing: ['postgres'] }]);
  expect(waiting.lifecycle).toMatchObject({ state: 'waiting', waitingFor: ['postgres'] });
  const starting = after([{ type: 'dependencies', missing: [] }], waiting.lifecycle);
  expect(starting.lifecycle).toMatchObject({ state: 'starting', starts: 1, waitingFor: [] });
  expect(starting.effects).toEqual([{ type: 'launch' }]);
  expect(running).toMatchObject({ state: 'running', pid: 42, readyAtMs: 1_000, reason: null });
});

test('a crash is retried after a pause, with its reason kept until it is ready again', () => {
  const { lifecycle, effects } = after([crash], running);
  expect(lifecycle).toMatchObject({ state: 'backoff', pid: null, reason: 'exited with code 1', nextStartAtMs: 1_250 });
  expect(effects).toEqual([{ type: 'wake', atMs: 1_250 }]);
  const again = after([{ type: 'retry-due' }, ...toRunning.slice(1, 3)], lifecycle).lifecycle;
  expect(again).toMatchObject({ state: 'starting', reason: 'exited with code 1', starts: 2 });
  expect(after([{ type: 'probe', ok: true }], again).lifecycle.reason).toBeNull();
});

test('five crashes within a minute are a crash loop, and a later one alone is not', () => {
  let lifecycle = running;
  for (let count = 1; count <= 5; count += 1) {
    lifecycle = after([crash], lifecycle).lifecycle;
    expect(lifecycle.state).toBe(count < 5 ? 'backoff' : 'crash-loop');
    lifecycle = after([{ type: 'retry-due' }, ...toRunning.slice(1)], lifecycle).lifecycle;
  }
  expect(after([crash], lifecycle, 100_000).lifecycle.state).toBe('backoff');
});

test('exit with code 0 is a crash too when nobody asked for it', () => {
  const { lifecycle } = after([{ type: 'exited', code: 0, signal: null, detail: 'exited with code 0' }], running);
  expect(lifecycle).toMatchObject({ state: 'backoff', lastExit: { expected: false } });
});

test('stop ends it and leaves it ended', () => {
  const stopping = after([{ type: 'stop' }], running);
  expect(stopping.effects).toEqual([{ type: 'terminate' }]);
  const stopped = after([crash], stopping.lifecycle).lifecycle;
  expect(stopped).toMatchObject({ state: 'stopped', lastExit: { expected: true }, crashes: [] });
});

test('restart ends it and starts it again without a pause', () => {
  const waiting = after([{ type: 'restart' }, crash], running).lifecycle;
  expect(waiting).toMatchObject({ state: 'waiting', crashes: [], startAgain: false });
});

test('stop while it stops in order to restart leaves it stopped', () => {
  expect(after([{ type: 'restart' }, { type: 'stop' }, crash], running).lifecycle.state).toBe('stopped');
});

test('stop during preparation, before there is a process, ends in stopped', () => {
  const stopping = after([{ type: 'start' }, { type: 'dependencies', missing: [] }, { type: 'stop' }]).lifecycle;
  expect(stopping).toMatchObject({ state: 'stopping', pid: null });
  const ended = after([{ type: 'cannot-start', reason: 'aborted', permanent: true }], stopping).lifecycle;
  expect(ended).toMatchObject({ state: 'stopped', reason: null });
});

test('what cannot start for good has failed and is not retried', () => {
  const starting = after(toRunning.slice(0, 2)).lifecycle;
  const failed = after([{ type: 'cannot-start', reason: 'no such file', permanent: true }], starting);
  expect(failed.lifecycle).toMatchObject({ state: 'failed', reason: 'no such file' });
  expect(failed.effects).toEqual([]);
});

test('one missed probe is nothing, two are degraded, an answer heals', () => {
  const silent: LifecycleEvent = { type: 'probe', ok: false, detail: '503' };
  expect(after([silent], running).lifecycle.state).toBe('running');
  const degraded = after([silent, silent], running).lifecycle;
  expect(degraded).toMatchObject({ state: 'degraded', reason: 'does not answer: 503' });
  expect(after([{ type: 'probe', ok: true }], degraded).lifecycle).toMatchObject({
    state: 'running',
    readyAtMs: 1_000,
  });
});

test('a start that takes too long is shown as degraded, not killed', () => {
  const starting = after(toRunning.slice(0, 3)).lifecycle;
  const { lifecycle, effects } = after([{ type: 'probe', ok: false, detail: 'refused' }], starting, 40_000);
  expect(lifecycle).toMatchObject({ state: 'degraded', reason: 'not ready after 30 s: refused' });
  expect(effects).toEqual([]);
});

test('pause and resume return to what it was', () => {
  const paused = after([{ type: 'pause' }], running);
  expect(paused.effects).toEqual([{ type: 'signal', signal: 'SIGSTOP' }]);
  const resumed = after([{ type: 'resume' }], paused.lifecycle);
  expect(resumed.lifecycle).toMatchObject({ state: 'running', beforePause: null });
  expect(resumed.effects).toEqual([{ type: 'signal', signal: 'SIGCONT' }]);
});

test('every state says what can be asked of it', () => {
  for (const state of ProcessState.options) expect(actionsIn[state].length).toBeGreaterThan(0);
});

const anyEvent: fc.Arbitrary<LifecycleEvent> = fc.oneof(
  fc
    .constantFrom('start', 'stop', 'restart', 'kill', 'pause', 'resume', 'retry-due')
    .map((type) => ({ type }) as LifecycleEvent),
  fc.constant<LifecycleEvent>({ type: 'dependencies', missing: [] }),
  fc.constant<LifecycleEvent>({ type: 'probe', ok: true }),
  fc.constant<LifecycleEvent>({ type: 'probe', ok: false, detail: 'no' }),
);

test('whatever is asked in whatever order, there is never a second process and an idle one has no pid', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), fc.infiniteStream(fc.boolean()), (events, answers) => {
      let lifecycle = newLifecycle;
      let alive = false;
      let nowMs = 0;
      const apply = (event: LifecycleEvent) => {
        nowMs += 100;
        const result = step(lifecycle, event, { nowMs, random: 0.5 }, policy);
        lifecycle = result.lifecycle;
        for (const effect of result.effects) {
          if (effect.type === 'launch') {
            expect(alive).toBe(false);
            alive = true;
            apply({ type: 'spawned', pid: 7 });
          }
          // A process obeys at once or only later.
          if (
            (effect.type === 'terminate' || (effect.type === 'signal' && effect.signal === 'SIGKILL')) &&
            answers.next().value
          ) {
            alive = false;
            apply({ type: 'exited', code: 0, signal: null, detail: 'exited' });
          }
        }
        if (isIdle(lifecycle.state) || lifecycle.state === 'waiting') expect(lifecycle.pid).toBeNull();
        if (isIdle(lifecycle.state)) expect(alive).toBe(false);
      };
      for (const event of events) apply(event);
    }),
  );
});
