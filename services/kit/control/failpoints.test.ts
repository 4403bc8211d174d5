import { expect, test } from 'vitest';
import { testService } from '../testing/service.ts';
import { createFailpoints } from './failpoints.ts';

function make() {
  const lines: string[] = [];
  let atMs = 0;
  let deaths = 0;
  const { service } = testService({}, { logLines: (line) => lines.push(line) });
  const failpoints = createFailpoints({
    log: service.log,
    now: () => atMs,
    die: () => {
      deaths += 1;
      return Promise.reject(new Error('dead'));
    },
  });
  return { failpoints, lines, deaths: () => deaths, pass: (ms: number) => (atMs += ms) };
}

test('an unarmed failpoint is passed, and is listed as such', async () => {
  const { failpoints } = make();
  await failpoints.reach('billing.after_charge');
  expect(failpoints.list()).toHaveLength(5);
  expect(failpoints.list().every(({ armed, hits }) => !armed && hits === 0)).toBe(true);
});

test('kills where it is armed, once, after the passes it was told to let through', async () => {
  const { failpoints, deaths, lines } = make();
  failpoints.arm('outbox.after_ack', { action: 'kill', skip: 2 });
  await failpoints.reach('outbox.after_ack');
  await failpoints.reach('consumer.after_commit');
  await failpoints.reach('outbox.after_ack');
  expect(deaths()).toBe(0);
  await expect(failpoints.reach('outbox.after_ack')).rejects.toThrow('dead');
  expect(deaths()).toBe(1);
  await failpoints.reach('outbox.after_ack');
  expect(deaths()).toBe(1);
  expect(lines.some((line) => line.includes('failpoint hit'))).toBe(true);
});

test('hits only the order that it is meant for', async () => {
  const { failpoints } = make();
  failpoints.arm('billing.after_charge', { action: 'error', orderId: 'a' });
  await failpoints.reach('billing.after_charge', { orderId: 'b' });
  await failpoints.reach('billing.after_charge');
  await expect(failpoints.reach('billing.after_charge', { orderId: 'a' })).rejects.toMatchObject({
    code: 'unavailable',
    retryable: true,
  });
  expect(failpoints.list().find(({ failpoint }) => failpoint === 'billing.after_charge')).toMatchObject({
    armed: false,
    hits: 1,
  });
});

test('disarms itself when its time is over, and on demand', async () => {
  const { failpoints, pass } = make();
  expect(failpoints.arm('billing.after_charge', { action: 'error', ttlMs: 100, times: 5 })).toMatchObject({
    armed: true,
    remaining: 5,
  });
  pass(100);
  await failpoints.reach('billing.after_charge');
  failpoints.arm('billing.after_charge', { action: 'error' });
  expect(failpoints.disarm('billing.after_charge').armed).toBe(false);
  await failpoints.reach('billing.after_charge');
});

test('one that delays is on while somebody waits, and nobody waits beyond it', async () => {
  const { failpoints } = make();
  const isArmed = () => failpoints.list().find(({ failpoint }) => failpoint === 'outbox.after_ack')?.armed;
  failpoints.arm('outbox.after_ack', { action: 'delay', delayMs: 60_000 });
  const held = failpoints.reach('outbox.after_ack');
  await failpoints.reach('outbox.after_ack');
  expect(isArmed()).toBe(true);
  failpoints.disarm('outbox.after_ack');
  await held;
  failpoints.arm('outbox.after_ack', { action: 'delay', delayMs: 60_000, ttlMs: 20 });
  await failpoints.reach('outbox.after_ack');
  expect(isArmed()).toBe(false);
});
