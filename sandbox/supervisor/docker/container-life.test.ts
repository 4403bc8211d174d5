import { expect, test } from 'vitest';
import { defaultBackoff } from '../backoff.ts';
import {
  type ContainerLife,
  containerActionsIn,
  isUp,
  type LifeEvent,
  newContainerLife,
  stateOf,
  stepContainer,
} from './container-life.ts';
import type { Container } from './engine.ts';

const running: Container = {
  id: 'a',
  status: 'running',
  health: 'healthy',
  complaint: '',
  healthySinceMs: null,
  pid: 10,
  exitCode: 0,
  error: '',
  outOfMemory: false,
  startedAtMs: 1_000,
  finishedAtMs: null,
  restartCount: 0,
  labels: {},
};
const seen = (fields: Partial<Container> = {}): LifeEvent => ({ type: 'seen', container: { ...running, ...fields } });
const exited = (exitCode: number, finishedAtMs = 5_000) =>
  seen({ status: 'exited', pid: null, exitCode, finishedAtMs });

/** The life after these events, one second apart, and what had to be done. */
function after(...events: LifeEvent[]) {
  let life: ContainerLife = newContainerLife;
  const effects: string[] = [];
  for (const [index, event] of events.entries()) {
    const step = stepContainer(life, event, { nowMs: 2_000 + index * 1_000, random: 0.5 }, defaultBackoff);
    life = step.life;
    effects.push(...step.effects.map((effect) => (effect.type === 'call' ? effect.action : `wake ${effect.atMs}`)));
  }
  return { life, effects, state: stateOf(life, defaultBackoff) };
}

test.each<[string, Partial<Container>, string]>([
  ['made, not started', { status: 'created', pid: null, startedAtMs: null }, 'waiting'],
  ['its checks have not passed yet', { health: 'starting' }, 'starting'],
  ['its checks pass', {}, 'running'],
  ['nobody checks it', { health: 'none' }, 'running'],
  ['its checks fail', { health: 'unhealthy' }, 'degraded'],
  ['paused', { status: 'paused' }, 'paused'],
  ['the engine restarts it', { status: 'restarting', pid: null }, 'backoff'],
  ['ended', { status: 'exited', pid: null }, 'stopped'],
  ['could not be started', { status: 'exited', pid: null, error: 'no such file' }, 'failed'],
  ['being removed', { status: 'removing', pid: null }, 'stopping'],
  ['dead', { status: 'dead', pid: null }, 'failed'],
])('%s: %o is %s', (_name, fields, state) => {
  expect(after(seen(fields)).state).toBe(state);
});

test('without a container it is stopped', () => {
  expect(after(seen(), { type: 'seen', container: null }).state).toBe('stopped');
});

test('what is killed here is started again after its backoff, which the engine does not do', () => {
  const killed = after(
    seen(),
    { type: 'asked', action: 'kill' },
    { type: 'died', code: 137, atMs: 4_000 },
    exited(137),
  );
  expect(killed.effects).toEqual(['kill', 'wake 4250']);
  expect(killed.state).toBe('backoff');
  expect(killed.life.lastExit).toMatchObject({ signal: 'SIGKILL', code: null, expected: false });
  const again = after(
    seen(),
    { type: 'asked', action: 'kill' },
    exited(137),
    // The event comes after the look that found it out: one end, not two.
    { type: 'died', code: 137, atMs: 4_000 },
    { type: 'retry-due' },
    { type: 'started' },
    seen({ pid: 11, startedAtMs: 9_000 }),
  );
  expect(again.effects).toEqual(['kill', 'wake 4250', 'start']);
  expect(again.life.crashes).toHaveLength(1);
  expect([again.state, again.life.restarts, again.life.asked]).toEqual(['running', 1, null]);
});

test('what crashes by itself is left to the engine; five within a minute are a crash loop', () => {
  const crash = (index: number): LifeEvent[] => [
    { type: 'died', code: 1, atMs: 10_000 * index - 100 },
    { type: 'started' },
    seen({ startedAtMs: 10_000 * index, restartCount: index }),
  ];
  const once = after(seen(), { type: 'died', code: 1, atMs: 3_500 }, seen({ status: 'restarting', pid: null }));
  expect([once.state, once.effects]).toEqual(['backoff', []]);
  expect(once.life.lastExit).toMatchObject({ code: 1, signal: null, expected: false });
  const often = after(
    seen(),
    ...[1, 2, 3, 4].flatMap(crash),
    { type: 'died', code: 1, atMs: 49_000 },
    seen({ status: 'restarting', pid: null, startedAtMs: 40_000, restartCount: 4 }),
  );
  expect([often.state, often.life.restarts]).toEqual(['crash-loop', 4]);
});

test('an end is an end as soon as it is told, whatever an older look still answers', () => {
  const { state, life } = after(seen(), { type: 'died', code: 1, atMs: 3_000 }, seen());
  expect([state, isUp(life), life.crashes.length]).toEqual(['stopped', false, 1]);
  // Killed from here, it waits for its start and does not seem to run until somebody has looked again.
  const killed = after(seen(), { type: 'asked', action: 'kill' }, { type: 'died', code: 137, atMs: 3_000 }, seen());
  expect(killed.state).toBe('backoff');
});

test('an end that nobody told is seen by the start that followed, and its code when the event comes late', () => {
  const again = seen({ startedAtMs: 9_000, finishedAtMs: 8_500, restartCount: 1 });
  expect(after(seen(), again).life.lastExit).toEqual({ atMs: 8_500, code: null, signal: null, expected: false });
  const late = after(seen(), again, { type: 'died', code: 3, atMs: 8_600 }, { type: 'started' });
  expect([late.state, late.life.lastExit?.code, late.life.restarts]).toEqual(['running', 3, 1]);
});

test('a restart that the engine counts before it starts is one, and of those that nobody saw none is lost', () => {
  const again = seen({ status: 'restarting', pid: null, restartCount: 1 });
  expect(after(seen(), again, seen({ restartCount: 1, startedAtMs: 4_000 })).life.restarts).toBe(1);
  expect(after(seen(), again, seen({ restartCount: 3, startedAtMs: 9_000 })).life.restarts).toBe(3);
});

test('the first start is no restart', () => {
  const made = seen({ status: 'created', pid: null, startedAtMs: null });
  expect(after(made, { type: 'started' }, seen()).life.restarts).toBe(0);
});

test('a manual start sets the engine’s count of restarts to zero; ours goes on', () => {
  const { life } = after(
    seen({ restartCount: 3 }),
    seen({ restartCount: 5, startedAtMs: 2_000 }),
    seen({ restartCount: 0, startedAtMs: 3_000 }),
  );
  expect(life.restarts).toBe(6);
});

test('what is stopped, here or by somebody else, has ended as expected and stays stopped', () => {
  const here = after(seen(), { type: 'asked', action: 'stop' }, { type: 'died', code: 0, atMs: 3_500 }, exited(0));
  expect([here.state, here.effects]).toEqual(['stopped', ['stop']]);
  expect(here.life.lastExit?.expected).toBe(true);
  const elsewhere = after(
    seen(),
    { type: 'signalled', signal: '15' },
    { type: 'signalled', signal: '9' },
    { type: 'died', code: 137, atMs: 3_500 },
    exited(137),
  );
  expect([elsewhere.state, elsewhere.effects, elsewhere.life.lastExit?.expected]).toEqual(['stopped', [], true]);
  // `docker kill` by somebody else is no order to start it again, but no orderly end either.
  const killed = after(
    seen(),
    { type: 'signalled', signal: '9' },
    { type: 'died', code: 137, atMs: 3_500 },
    exited(137),
  );
  expect([killed.state, killed.effects, killed.life.lastExit?.expected]).toEqual(['stopped', [], false]);
});

test('a stop cancels the start that is due; a start does not wait for it', () => {
  const down = [
    seen(),
    { type: 'asked', action: 'kill' },
    { type: 'died', code: 137, atMs: 3_500 },
    exited(137),
  ] as LifeEvent[];
  const stopped = after(...down, { type: 'asked', action: 'stop' }, { type: 'retry-due' });
  expect([stopped.state, stopped.effects]).toEqual(['stopped', ['kill', 'wake 4250']]);
  const started = after(...down, { type: 'asked', action: 'start' }, { type: 'retry-due' });
  expect([started.state, started.effects.at(-1)]).toEqual(['starting', 'start']);
});

test('a restart is one expected end and one start', () => {
  const steps = [
    seen(),
    { type: 'asked', action: 'restart' },
    { type: 'died', code: 0, atMs: 3_500 },
    { type: 'started' },
    seen({ startedAtMs: 4_000, pid: 12, health: 'starting' }),
    { type: 'done', action: 'restart' },
    seen({ startedAtMs: 4_000, pid: 12 }),
  ] as LifeEvent[];
  expect(after(...steps.slice(0, 2)).state).toBe('stopping');
  expect(after(...steps.slice(0, 5)).state).toBe('starting');
  const { state, life, effects } = after(...steps);
  expect([state, life.restarts, effects, life.lastExit?.expected]).toEqual(['running', 1, ['restart'], true]);
  expect(life.readyAtMs).toBe(8_000);
});

test('what was refused is told until something else is asked', () => {
  const refused = after(exited(0), { type: 'asked', action: 'start' }, { type: 'refused', reason: 'no space left' });
  expect([refused.state, refused.life.problem]).toEqual(['stopped', 'no space left']);
  expect(
    after(exited(0), { type: 'refused', reason: 'x' }, { type: 'asked', action: 'start' }).life.problem,
  ).toBeNull();
});

test('what waits for others is not for us to start', () => {
  expect(containerActionsIn.waiting).toEqual([]);
  expect(containerActionsIn.stopped).toContain('start');
});
