import { expect, test } from 'vitest';
import { createWakeUp } from './wake-up.ts';

const never = new AbortController().signal;

test('a wake before the wait is not lost, and counts once', async () => {
  const wakeUp = createWakeUp();
  wakeUp.wake();
  wakeUp.wake();
  await wakeUp.wait(60_000, never);
  const second = wakeUp.wait(1, never).then(() => 'timed out');
  expect(await second).toBe('timed out');
});

test('a wake during the wait ends it', async () => {
  const wakeUp = createWakeUp();
  const waiting = wakeUp.wait(60_000, never);
  wakeUp.wake();
  await waiting;
});

test('an abort ends the wait', async () => {
  const controller = new AbortController();
  const waiting = createWakeUp().wait(60_000, controller.signal);
  controller.abort();
  await waiting;
});
