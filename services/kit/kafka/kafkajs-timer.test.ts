import { createRequire } from 'node:module';
import { afterEach, expect, test, vi } from 'vitest';
import { fixKafkajsTimer } from './kafkajs-timer.ts';

type Request = { entry: { correlationId: number }; expectResponse: boolean; sendRequest: () => void };
type Queue = {
  push(request: Request): void;
  fulfillRequest(response: { correlationId: number; payload: Buffer; size: number }): void;
  maybeThrottle(ms: number): void;
};

const require = createRequire(import.meta.url);

afterEach(() => vi.useRealTimers());

function createQueue(maxInFlightRequests: number | null = null): Queue {
  const RequestQueue = require('kafkajs/src/network/requestQueue');
  return new RequestQueue({
    maxInFlightRequests,
    requestTimeout: 30_000,
    enforceRequestTimeout: false,
    clientId: 'test',
    broker: 'test:1',
    logger: { debug() {}, warn() {} },
  });
}

function request(correlationId: number, sent: number[]): Request {
  return {
    entry: { correlationId, resolve() {}, reject() {} } as Request['entry'],
    expectResponse: true,
    sendRequest: () => sent.push(correlationId),
  };
}

const answer = (correlationId: number) => ({ correlationId, payload: Buffer.alloc(0), size: 0 });

/** How many timers fire in one second after one request was answered. */
function timersOfAnIdleConnection(): number {
  vi.useFakeTimers();
  const queue = createQueue();
  queue.push(request(1, []));
  queue.fulfillRequest(answer(1));
  let fired = 0;
  for (let ms = 0; ms < 1_000 && vi.getTimerCount() > 0; ms++) {
    fired += vi.getTimerCount();
    vi.advanceTimersByTime(1);
  }
  return fired;
}

test('kafkajs as published re-arms a timer for ever (when this fails, the fix is no longer needed)', () => {
  expect(timersOfAnIdleConnection()).toBeGreaterThan(500);
});

test('with the fix an idle connection has no timer', () => {
  fixKafkajsTimer();
  expect(timersOfAnIdleConnection()).toBe(0);
});

test('a request beyond the in-flight limit is still sent as soon as another was answered', () => {
  fixKafkajsTimer();
  const sent: number[] = [];
  const queue = createQueue(1);
  queue.push(request(1, sent));
  queue.push(request(2, sent));
  expect(sent).toEqual([1]);
  queue.fulfillRequest(answer(1));
  expect(sent).toEqual([1, 2]);
});

test('a throttled request is sent when the throttling ends', () => {
  vi.useFakeTimers();
  fixKafkajsTimer();
  const sent: number[] = [];
  const queue = createQueue();
  queue.maybeThrottle(200);
  queue.push(request(1, sent));
  vi.advanceTimersByTime(190);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(20);
  expect(sent).toEqual([1]);
});
