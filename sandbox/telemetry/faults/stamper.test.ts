import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { FaultWindow } from '#contracts/telemetry/faults.ts';
import type { SpanRecord } from '../records.ts';
import { newSpanId, newTraceId } from '../testing.ts';
import { createStamper, mostWaitMs } from './stamper.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const window: FaultWindow = {
  id: 'f1',
  kind: 'crash',
  footprint: { on: 'process', process: 'orders', effect: 'down', leastMs: 0 },
  fromMs: 10_000,
  untilMs: null,
  bites: true,
};
const armed: FaultWindow = { ...window, bites: false };

function span(options: Partial<SpanRecord> = {}): SpanRecord {
  return {
    traceId: newTraceId(),
    spanId: newSpanId(),
    parentSpanId: null,
    name: 'call',
    kind: 'client',
    service: 'gateway',
    startNano: 12_000_000_000n,
    durationNano: 5e6,
    status: 'error',
    statusMessage: null,
    scope: '',
    attributes: { [names.httpRequestMethod]: 'GET', [names.peerService]: 'orders' },
    resource: {},
    events: [],
    links: [],
    ...options,
  };
}

function start() {
  const passed: SpanRecord[] = [];
  const stamper = createStamper((spans) => passed.push(...spans));
  return { stamper, told: () => passed.map(({ attributes }) => attributes[names.chaosFaultId] ?? null), passed };
}

test('marks what was touched, and leaves the rest and the given record as they are', () => {
  const { stamper, told, passed } = start();
  const [failed, fine] = [span(), span({ status: 'unset' })];
  stamper.learn([window]);
  stamper.take([failed, fine]);
  expect(told()).toEqual(['f1', null]);
  expect(passed[0]?.attributes[names.chaosFaultKind]).toBe('crash');
  expect(passed[1]).toBe(fine);
  expect(failed.attributes).not.toHaveProperty(names.chaosFaultId);
});

test('a mark that was made on the spot stays', () => {
  const { stamper, told } = start();
  const { attributes } = span();
  stamper.learn([window]);
  stamper.take([span({ attributes: { ...attributes, [names.chaosFaultId]: 'own', [names.chaosFaultKind]: 'x' } })]);
  expect(told()).toEqual(['own']);
});

test('the first that touched it counts: the newest', () => {
  const { stamper, told } = start();
  stamper.learn([{ ...window, id: 'newer' }, window]);
  stamper.take([span()]);
  expect(told()).toEqual(['newer']);
});

test('what an armed fault may have touched waits for its first hit, what it cannot have touched does not', () => {
  const { stamper, told } = start();
  stamper.learn([armed]);
  stamper.take([span(), span({ status: 'unset' })]);
  expect(told()).toEqual([null]);
  stamper.learn([window]);
  expect(told()).toEqual([null, 'f1']);
  vi.advanceTimersByTime(10 * mostWaitMs);
  expect(told()).toHaveLength(2);
});

test('without a hit it is handed on unmarked: when the fault has ended, and when the wait has', () => {
  const { stamper, told } = start();
  stamper.learn([armed]);
  stamper.take([span()]);
  stamper.learn([{ ...armed, untilMs: 13_000 }]);
  expect(told()).toEqual([null]);
  stamper.learn([armed]);
  stamper.take([span()]);
  vi.advanceTimersByTime(mostWaitMs);
  expect(told()).toEqual([null, null]);
});

test('what waits is bounded, and handed on at the end', () => {
  const { stamper, passed } = start();
  stamper.learn([armed]);
  stamper.take(Array.from({ length: 5_000 }, () => span()));
  expect(passed).toHaveLength(5_000);
  stamper.take([span()]);
  stamper.flush();
  expect(passed).toHaveLength(5_001);
});

test('a message is told to have waited when its sending was seen, also before the fault', () => {
  const { stamper, told } = start();
  const sending = span({
    kind: 'producer',
    service: 'gateway',
    startNano: 9_000_000_000n,
    status: 'unset',
    attributes: {},
  });
  const handling = { kind: 'consumer', service: 'orders', startNano: 21_000_000_000n, status: 'unset' } as const;
  stamper.take([sending]);
  stamper.learn([{ ...window, untilMs: 20_000 }]);
  stamper.take([span({ ...handling, parentSpanId: sending.spanId }), span({ ...handling, parentSpanId: newSpanId() })]);
  expect(told()).toEqual([null, 'f1', null]);
});

test('a fault that is told of no more marks nothing', () => {
  const { stamper, told } = start();
  stamper.learn([window]);
  stamper.learn([]);
  stamper.take([span()]);
  expect(told()).toEqual([null]);
});
