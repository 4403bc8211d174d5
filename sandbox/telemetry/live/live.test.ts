import { expect, test, vi } from 'vitest';
import type { TraceSummary } from '#contracts/telemetry/query.ts';
import type { SpanRecord } from '../records.ts';
import { partOf, type TracePart } from '../store/trace-part.ts';
import { emptyFilter, newSpanId, newTraceId } from '../testing.ts';
import { createHub } from './hub.ts';
import { streamSpans } from './stream-spans.ts';
import { streamTraces } from './stream-traces.ts';
import { createTraceWindow } from './window.ts';

function span(traceId: string, options: Partial<SpanRecord> = {}): SpanRecord {
  return {
    traceId,
    spanId: newSpanId(),
    parentSpanId: null,
    name: 'x',
    kind: 'internal',
    service: 'orders',
    startNano: 1_000n,
    durationNano: 10,
    status: 'unset',
    statusMessage: null,
    scope: '',
    attributes: {},
    resource: {},
    events: [],
    links: [],
    ...options,
  };
}

function liveTraces(filter = emptyFilter(), lookUp: (traceId: string) => Promise<TracePart | null> = async () => null) {
  const hub = createHub();
  const window = createTraceWindow({ spans: 100, traces: 100 });
  const sent: TraceSummary[] = [];
  const stop = streamTraces({ hub, window, filter, lookUp, send: (summary) => sent.push(summary) });
  const arrive = (...spans: SpanRecord[]): void => {
    for (const one of spans) window.add(one, Date.now());
    hub.publishSpans(spans);
  };
  return { sent, stop, arrive };
}

test('the window forgets spans before summaries, and the longest untouched first', () => {
  const window = createTraceWindow({ spans: 4, traces: 3 });
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(32)) as [string, string, string, string];
  for (const id of [a, a, b, b, a]) window.add(span(id), 1);
  expect(window.get(b)).toMatchObject({ spans: [], part: { spanCount: 2 } });
  expect(window.get(a)?.spans).toHaveLength(3);
  for (const id of [c, d]) window.add(span(id), 1);
  expect([a, b, c, d].map((id) => window.get(id) !== undefined)).toEqual([true, false, true, true]);
  expect(window.startOfLast(5)).toBeNull();
  expect(window.startOfLast(2)).toBe(1_000n);
});

test('a growing trace is told at most four times a second, its last state always', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  try {
    const { sent, stop, arrive } = liveTraces();
    const traceId = newTraceId();
    for (let count = 0; count < 100; count++) {
      arrive(span(traceId));
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(1000);
    stop();
    expect(sent.length).toBeGreaterThanOrEqual(3);
    expect(sent.length).toBeLessThanOrEqual(6);
    expect(sent.at(-1)?.spanCount).toBe(100);
  } finally {
    vi.useRealTimers();
  }
});

test('a trace matches through a span that came before the subscriber looked', async () => {
  const { sent, stop, arrive } = liveTraces({
    conditions: [{ field: 'status', op: 'eq', value: 'error' }],
    text: null,
  });
  const traceId = newTraceId();
  arrive(span(traceId), span(newTraceId()));
  arrive(span(traceId, { status: 'error', parentSpanId: 'a'.repeat(16) }));
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({ traceId, spanCount: 2, errorCount: 1 });
  stop();
});

test('a trace whose beginning is no longer in memory is completed from the store', async () => {
  const traceId = newTraceId();
  const stored = partOf(span(traceId, { name: 'the root' }), 1);
  const { sent, stop, arrive } = liveTraces(emptyFilter(), async () => stored);
  arrive(span(traceId, { parentSpanId: 'a'.repeat(16) }));
  await vi.waitFor(() => expect(sent).toMatchObject([{ rootName: 'the root', rootMissing: false }]));
  stop();
});

test('spans that arrive while the known ones are read are sent once', async () => {
  const hub = createHub();
  const traceId = newTraceId();
  const [known, both, late] = [span(traceId), span(traceId), span(traceId)];
  const sent: string[] = [];
  const stop = await streamSpans({
    hub,
    traceId,
    known: async () => {
      hub.publishSpans([both, late, span(newTraceId())]);
      return [known, both];
    },
    send: (spans) => {
      sent.push(...spans.map((one) => one.spanId));
    },
  });
  await vi.waitFor(() => expect(sent).toEqual([known, both, late].map((one) => one.spanId)));
  stop();
});
