import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HistoryLine, LoadPlan, LoadRun } from '#contracts/sandbox/load.ts';
import type { LoadClient } from './client.ts';
import type { Placement } from './placement.ts';
import { runLoad } from './run-load.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const onlyHappy = { happy: 1, declined: 0, outOfStock: 0, slow: 0, cancelled: 0 };
const plan = LoadPlan.parse({ ratePerSecond: 10, seconds: 10, arrivals: 'constant', mix: onlyHappy });

/** A gateway that answers after `answerMs(now)` and a read model in which every order ends `sagaMs` after that. */
function fleet(
  answerMs: (nowMs: number) => number,
  { sagaMs = 100, loses }: { sagaMs?: number; loses?: (n: number) => boolean } = {},
) {
  const ended = new Map<string, number>();
  let serial = 0;
  const client: LoadClient = {
    ready: async () => {},
    async place(_order, _key, signal): Promise<Placement> {
      const n = serial++;
      const waitMs = answerMs(performance.now() - start);
      await new Promise((resolve) => {
        setTimeout(resolve, waitMs);
        signal.addEventListener('abort', resolve);
      });
      if (signal.aborted) return { type: 'info', httpStatus: null, error: 'aborted' };
      const orderId = `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
      if (!loses?.(n)) ended.set(orderId, Date.now() + sagaMs);
      return { type: 'ok', httpStatus: 202, orderId };
    },
    async cancel(orderId) {
      const finished = (ended.get(orderId) ?? 0) <= Date.now();
      return finished ? { type: 'fail', httpStatus: 409, error: 'conflict' } : { type: 'ok', httpStatus: 202, orderId };
    },
    async orders(before, limit) {
      const ids = [...ended.keys()].sort().reverse();
      const orders = ids
        .filter((id) => id < before && (ended.get(id) ?? 0) <= Date.now())
        .slice(0, limit)
        .map((id) => ({ id, status: 'confirmed' as const, finishedAt: new Date(ended.get(id) ?? 0).toISOString() }));
      return { orders, hasMore: false };
    },
    close: async () => {},
  };
  const start = performance.now();
  return client;
}

function launch(client: LoadClient, options: Partial<Parameters<typeof runLoad>[0]> = {}) {
  const lines: HistoryLine[] = [];
  const history = { write: (line: HistoryLine) => void lines.push(HistoryLine.parse(line)) };
  return { lines, handle: runLoad({ run: 'r1', plan, client, history, historyFile: 'r1.jsonl', ...options }) };
}

test('every order has one invoke and one completion, and every accepted one is followed to its end', async () => {
  const { lines, handle } = launch(fleet(() => 20));
  await vi.advanceTimersByTimeAsync(30_000);
  const run = LoadRun.parse(await handle.done);
  expect(run).toMatchObject({ phase: 'finished', due: 100, ok: 100, confirmed: 100, open: 0, lostCount: 0 });
  for (let n = 0; n < 100; n += 1) {
    expect(lines.filter((line) => line.n === n).map((line) => line.type)).toEqual(['invoke', 'ok']);
  }
  expect(run.saga.p50).toBeCloseTo(120, -1);
});

test('a server that stands still for 5 s shows in the percentiles: latency counts from when an order was due', async () => {
  const stalled = launch(fleet((nowMs) => (nowMs >= 2_000 && nowMs < 7_000 ? 7_000 - nowMs : 20)));
  await vi.advanceTimersByTimeAsync(30_000);
  const { accepted, due } = await stalled.handle.done;
  // Half of the orders were due while it stood still. A client that waits for each answer would have sent one of them.
  expect(due).toBe(100);
  expect(accepted.p50).toBeGreaterThan(10);
  expect(accepted.p90).toBeGreaterThan(3_500);
  expect(accepted.max).toBeGreaterThan(4_900);
});

test('an acknowledged order that does not end in time is lost', async () => {
  const { handle } = launch(
    fleet(() => 20, { loses: (n) => n === 3 }),
    { settleMs: 5_000 },
  );
  await vi.advanceTimersByTimeAsync(30_000);
  const run = await handle.done;
  expect(run).toMatchObject({ ok: 100, confirmed: 99, lostCount: 1 });
  expect(run.lost).toEqual(['01900000-0000-7000-8000-000000000003']);
});

test('no orders become due after stop; what is under way is waited for', async () => {
  const { lines, handle } = launch(fleet(() => 2_000));
  await vi.advanceTimersByTimeAsync(950);
  handle.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await handle.done).toMatchObject({ phase: 'stopped', due: 10, ok: 10, confirmed: 10 });
  expect(lines.filter((line) => line.type === 'ok')).toHaveLength(10);
});

test('abandoned: what has no answer is info, and nothing is called lost', async () => {
  const { lines, handle } = launch(fleet(() => 60_000));
  await vi.advanceTimersByTimeAsync(950);
  handle.abandon();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await handle.done).toMatchObject({ phase: 'stopped', due: 10, info: 10, lostCount: 0 });
  expect(lines.filter((line) => line.type === 'info')).toHaveLength(10);
});

test('a new rate holds from the moment it is set', async () => {
  const { handle } = launch(fleet(() => 20));
  await vi.advanceTimersByTimeAsync(5_000);
  handle.changeRate(40);
  await vi.advanceTimersByTimeAsync(30_000);
  const { due, ratePerSecond, plan: asked } = await handle.done;
  expect(due).toBeGreaterThanOrEqual(248);
  expect(due).toBeLessThanOrEqual(252);
  expect([asked.ratePerSecond, ratePerSecond]).toEqual([10, 40]);
});

test('a plan may end after so many orders', async () => {
  const { handle } = launch(
    fleet(() => 20),
    { plan: { ...plan, orders: 7 } },
  );
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await handle.done).toMatchObject({ phase: 'finished', due: 7 });
});

test('a fleet that is not there fails the run with its reason', async () => {
  const client = fleet(() => 20);
  const { handle } = launch({
    ...client,
    ready: async () => {
      throw new Error('identity does not answer');
    },
  });
  expect(await handle.done).toMatchObject({ phase: 'failed', problem: 'identity does not answer', due: 0 });
});

test('cancellations follow some acknowledgements, at all times of the saga, and too late is no error', async () => {
  const { lines, handle } = launch(
    fleet(() => 20, { sagaMs: 200 }),
    {
      plan: { ...plan, mix: { ...onlyHappy, happy: 0, cancelled: 1 } },
    },
  );
  await vi.advanceTimersByTimeAsync(30_000);
  const { cancellations, errors, ok } = await handle.done;
  expect(cancellations.ok).toBeGreaterThan(20);
  expect(cancellations.fail).toBeGreaterThan(20);
  expect(cancellations).toMatchObject({ ok: ok - cancellations.fail, info: 0 });
  expect(errors).toEqual({});
  for (let n = 0; n < 100; n += 1) {
    const types = lines.filter((line) => line.n === n).map(({ op, type }) => `${op} ${type}`);
    expect(types.slice(0, 3)).toEqual(['place invoke', 'place ok', 'cancel invoke']);
    expect(['cancel ok', 'cancel fail']).toContain(types[3]);
    expect(types).toHaveLength(4);
  }
});
