import { expect, test } from 'vitest';
import { createLiveStatus } from './live-status.tsx';

test('remembers since when a stream has been down, until all are back', () => {
  let now = 1000;
  const status = createLiveStatus(() => now);
  status.report('a', 'live');
  status.report('b', 'reconnecting');
  now = 5000;
  status.report('a', 'reconnecting');
  expect(status.read()).toEqual({ streams: 2, downSinceMs: 1000, paused: false });
  status.report('a', 'live');
  status.report('b', 'live');
  expect(status.read().downSinceMs).toBeNull();
});

test('a pause ends with the last stream of the view', () => {
  const status = createLiveStatus();
  status.report('a', 'live');
  status.setPaused(true);
  status.report('a', 'idle');
  expect(status.read()).toEqual({ streams: 1, downSinceMs: null, paused: true });
  status.leave('a');
  expect(status.read().paused).toBe(false);
});

test('listeners hear only changes', () => {
  const status = createLiveStatus();
  let calls = 0;
  status.subscribe(() => calls++);
  status.report('a', 'connecting');
  status.report('a', 'live');
  expect(calls).toBe(1);
});
