import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AgentFault, AgentOrder } from '#contracts/sandbox/fault-agent.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { withSpan } from '../telemetry/spans.ts';
import { testService } from '../testing/service.ts';
import { recordTracing } from '../testing/tracing.ts';
import { createFaultAgent } from './agent.ts';

const tracing = recordTracing();

beforeEach(() => {
  vi.useFakeTimers();
  tracing.reset();
});
afterEach(() => vi.useRealTimers());

const halfOfAll: AgentFault = { kind: 'http-error', only: '', status: '503', share: 0.5 };

function orderOf(fault: AgentFault, how: Partial<AgentOrder> = {}): AgentOrder {
  return { name: 'http-errors', fault, ttlMs: 60_000, seed: 'orrery', ...how };
}

function start() {
  const agent = createFaultAgent({ log: testService({}).service.log });
  agent.offer('http-error', { knows: (only) => only === 'GET /stock' });
  const hits = (times: number) =>
    Array.from({ length: times }, () => agent.strike('http-error', 'GET /stock') !== null);
  return { agent, hits };
}

test('an idle agent hits nothing and has nothing to tell', () => {
  const { agent, hits } = start();
  expect(agent.isArmed()).toBe(false);
  expect(hits(3)).toEqual([false, false, false]);
  expect(agent.list()).toEqual([]);
});

test('the same seed makes the same decisions, another one others', async () => {
  const decide = async (seed: string) => {
    const { agent, hits } = start();
    await agent.arm('f', orderOf(halfOfAll, { seed }));
    return { decided: hits(40), counted: agent.list()[0]?.hits };
  };
  const first = await decide('a');
  expect(await decide('a')).toEqual(first);
  expect((await decide('b')).decided).not.toEqual(first.decided);
  expect(first.counted).toBe(first.decided.filter(Boolean).length);
  expect(first.counted).toBeGreaterThan(5);
  expect(first.counted).toBeLessThan(35);
});

test('it hits only what it is meant for', async () => {
  const { agent } = start();
  await agent.arm('f', orderOf({ ...halfOfAll, share: 1, only: 'GET /stock' }));
  expect(agent.strike('http-error', 'GET /orders')).toBeNull();
  expect(agent.strike('http-error', 'GET /stock', { fits: () => false })).toBeNull();
  expect(agent.strike('grpc-error', 'GET /stock')).toBeNull();
  expect(agent.strike('http-error', 'GET /stock')).not.toBeNull();
  expect(agent.list()).toEqual([{ id: 'f', kind: 'http-error', hits: 1 }]);
});

test('it ends by itself when its time is over, and lets go of those that wait for its sake', async () => {
  const { agent, hits } = start();
  await agent.arm('f', orderOf({ ...halfOfAll, share: 1 }, { ttlMs: 5_000 }));
  const struck = agent.strike('http-error', 'GET /stock');
  vi.advanceTimersByTime(4_999);
  expect(hits(1)).toEqual([true]);
  expect(struck?.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(struck?.signal.aborted).toBe(true);
  expect(hits(1)).toEqual([false]);
  expect(agent.disarm('f')).toBe(false);
});

test('the span that is touched tells of the fault, others do not', async () => {
  const { agent } = start();
  await agent.arm('f', orderOf({ ...halfOfAll, share: 1 }));
  await withSpan('touched', {}, async () => agent.strike('http-error', 'GET /stock'));
  await withSpan('untouched', {}, async () => agent.strike('http-delay', 'GET /stock'));
  const [touched, untouched] = tracing.spans();
  expect(touched?.attributes).toMatchObject({ [names.chaosFaultId]: 'f', [names.chaosFaultKind]: 'http-errors' });
  expect(untouched?.attributes).not.toHaveProperty(names.chaosFaultId);
});

test('what makes no sense is refused with the reason', async () => {
  const { agent } = start();
  await agent.arm('f', orderOf(halfOfAll));
  await expect(agent.arm('f', orderOf(halfOfAll))).rejects.toMatchObject({ code: 'conflict' });
  await expect(agent.arm('g', orderOf({ ...halfOfAll, only: 'GET /moon' }))).rejects.toThrow('no "GET /moon" here');
  await expect(agent.arm('g', orderOf({ kind: 'burn-cpu', threads: 1 }))).rejects.toThrow('burn-cpu');
  expect(agent.list()).toHaveLength(1);
});

test('what cannot begin is not on', async () => {
  const { agent } = start();
  agent.offer('lock-table', {
    start: () => {
      throw new Error('no such table');
    },
  });
  await expect(agent.arm('f', orderOf({ kind: 'lock-table', table: 'moon' }))).rejects.toThrow('no such table');
  expect(agent.isArmed()).toBe(false);
});

test('it is told of as on until what it began is undone', async () => {
  const { agent } = start();
  const { promise: undone, resolve } = Promise.withResolvers<void>();
  agent.offer('lock-table', { start: (_fault, { until }) => until(undone) });
  await agent.arm('f', orderOf({ kind: 'lock-table', table: 'stock' }));
  expect(agent.disarm('f')).toBe(true);
  expect(agent.isArmed()).toBe(false);
  expect(agent.list()).toMatchObject([{ id: 'f' }]);
  resolve();
  await vi.waitUntil(() => agent.list().length === 0);
});
