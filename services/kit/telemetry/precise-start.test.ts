import { hrTimeToMicroseconds } from '@opentelemetry/core';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { expect, test } from 'vitest';
import { createInstantClock, preciseStart } from './precise-start.ts';

const startMs = 1_795_000_000_000;

/** Asks a new clock about instants, given in milliseconds after the start; `lagMs` is how far the monotonic clock is behind. */
function tell(instants: readonly { atMs: number; lagMs: number }[]): number[] {
  const clock = createInstantClock(startMs);
  return instants.map(({ atMs, lagMs }) => {
    const wallMs = startMs + Math.floor(atMs);
    return clock(atMs - lagMs, wallMs, wallMs) - startMs;
  });
}

test('tells fractions of a millisecond while both clocks agree', () => {
  expect(
    tell([
      { atMs: 10.25, lagMs: 0 },
      { atMs: 10.5, lagMs: 0 },
    ]),
  ).toEqual([10.25, 10.5]);
});

test.each([1, -1])(
  'stays in the wall clock’s millisecond when the clocks drift apart (%d), and never goes back',
  (sign) => {
    const instants = Array.from({ length: 2_000 }, (_, i) => ({ atMs: i * 0.75, lagMs: (sign * i) / 1024 }));
    const told = tell(instants);
    expect(told.map(Math.floor)).toEqual(instants.map(({ atMs }) => Math.floor(atMs)));
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  },
);

test('follows at once when the machine had been suspended', () => {
  const [, woken = 0, next = 0] = tell([
    { atMs: 5.5, lagMs: 0 },
    { atMs: 3_600_000.5, lagMs: 3_599_000 },
    { atMs: 3_600_000.75, lagMs: 3_599_000 },
  ]);
  expect(Math.floor(woken)).toBe(3_600_000);
  expect(next - woken).toBe(0.25);
});

test('believes the monotonic clock when the process was interrupted between the readings', () => {
  const clock = createInstantClock(startMs);
  expect(clock(17.5, startMs + 10, startMs + 17) - startMs).toBe(17.5);
  expect(clock(18.25, startMs + 18, startMs + 18) - startMs).toBe(18.25);
});

test('a child lies within its parent, to the microsecond', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [preciseStart(), new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer('test');
  for (let round = 0; round < 200; round++) {
    const parent = tracer.startSpan('parent');
    tracer.startSpan('child', { attributes: { round } }).end();
    parent.end();
  }
  const spans = exporter.getFinishedSpans();
  const times = spans.map(
    (span) => [hrTimeToMicroseconds(span.startTime), hrTimeToMicroseconds(span.endTime)] as const,
  );
  for (let index = 0; index < times.length; index += 2) {
    const [[childStart, childEnd] = [0, 0], [parentStart, parentEnd] = [0, 0]] = times.slice(index, index + 2);
    expect(childStart).toBeGreaterThanOrEqual(parentStart);
    expect(childEnd).toBeLessThanOrEqual(parentEnd + 1);
  }
  expect(times.some(([start]) => start % 1_000 !== 0)).toBe(true);
});

test('leaves a start that somebody named as it is', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [preciseStart(), new SimpleSpanProcessor(exporter)] });
  provider
    .getTracer('test')
    .startSpan('named', { startTime: startMs })
    .end(startMs + 5);
  const [span] = exporter.getFinishedSpans();
  expect(hrTimeToMicroseconds(span?.startTime ?? [0, 0])).toBe(startMs * 1_000);
});
