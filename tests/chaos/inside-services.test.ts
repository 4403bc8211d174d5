import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OrderCreate } from '#contracts/http/orders.ts';
import { AuditBoard, type InvariantId } from '#contracts/sandbox/audit.ts';
import { isActive } from '#contracts/sandbox/chaos-limits.ts';
import { ParkedKey } from '#contracts/sandbox/control-channel.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { onFleet } from '../flows/fixture.ts';
import { everythingAddsUp } from '../support/adds-up.ts';
import { openChaos } from '../support/chaos.ts';
import { until } from '../support/until.ts';

const { fleet, shop, ledgers, telemetry } = await onFleet();
const chaos = openChaos(fleet);
const ttlMs = 120_000;
const acknowledged: string[] = [];

async function placed(order: Partial<OrderCreate> = {}): Promise<string> {
  const id = await until('an order is accepted', async () => {
    const answer = await shop.place(order).catch(() => null);
    return answer?.status === 202 ? String(answer.body.id) : null;
  });
  acknowledged.push(id);
  return id;
}

async function ends(id: string): Promise<{ status: string; traceId: string }> {
  const { order } = await shop.finished(id, 60_000);
  return { status: order.status, traceId: order.traceId ?? '' };
}

/** Inventory is to handle it next. */
const isScreened = (id: string) =>
  until(`${id} is screened`, async () => {
    const { body } = await shop.request('GET', `/orders/${id}/timeline`);
    const { timeline = [] } = body as { timeline?: { event: string }[] };
    return timeline.some(({ event }) => event === 'order.screened') || null;
  });

/** A span of the trace says which fault it was. */
const isTold = (traceId: string, faultId: string) =>
  until(`the trace ${traceId} tells of the fault`, async () => {
    const spans = (await telemetry.trace(traceId)) ?? [];
    return spans.some(({ attributes }) => attributes[names.chaosFaultId] === faultId) ? true : null;
  });

beforeAll(() => chaos.request('POST', '/release'));
afterAll(() => chaos.request('POST', '/release'));

describe('callers are told no', () => {
  test.each([
    ['http-errors', 'orders', { status: '503', route: 'POST /orders' }],
    ['grpc-errors', 'pricing', { status: 'unavailable' }],
  ])('%s: orders are refused, not half accepted, and taken again afterwards', async (fault, target, parameters) => {
    const before = (await ledgers.orders()).length;
    const { id } = await chaos.inject({ fault, target, parameters, ttlMs });
    const refused = await shop.place({});
    expect(refused.status).toBeGreaterThanOrEqual(500);
    await isTold(String(refused.body.traceId), id);
    await chaos.becomes(id, 'biting');
    expect((await ledgers.orders()).length).toBe(before);
    await chaos.stop(id);
    expect(await ends(await placed())).toMatchObject({ status: 'confirmed' });
  });
});

type Case = {
  fault: string;
  target: string;
  parameters?: Record<string, number | string>;
  order?: Partial<OrderCreate>;
  status: 'confirmed' | 'cancelled';
};

describe('an order ends as it should', () => {
  const cases: readonly Case[] = [
    { fault: 'slow-consumer', target: 'inventory', parameters: { delayMs: 300 }, status: 'confirmed' },
    { fault: 'duplicates', target: 'orders', parameters: { copies: 2 }, status: 'confirmed' },
    { fault: 'inference-slow', target: 'inference', parameters: { delayMs: 2_000 }, status: 'confirmed' },
    { fault: 'declines', target: 'payments', parameters: { reason: 'expired_card' }, status: 'cancelled' },
    {
      fault: 'failing-compensation',
      target: 'inventory',
      parameters: { failures: 2 },
      order: { payment: { token: 'tok_declined' } },
      status: 'cancelled',
    },
  ];
  test.each(cases)('$fault in $target: $status', async ({ fault, target, parameters = {}, order = {}, status }) => {
    const { id } = await chaos.inject({ fault, target, parameters, ttlMs });
    const found = await ends(await placed(order));
    expect(found.status).toBe(status);
    await chaos.becomes(id, 'biting');
    await isTold(found.traceId, id);
    const run = await chaos.stop(id);
    expect(run).toMatchObject({ endedBy: 'user' });
    if (fault === 'failing-compensation') expect(run.hits).toBe(2);
  });

  test('late-payment: the saga gives up first, and the money comes back', async () => {
    const { id } = await chaos.inject({
      fault: 'late-payment',
      target: 'payments',
      parameters: { delayMs: 1_500 },
      ttlMs,
    });
    const orderId = await placed({ paymentTimeoutMs: 500 });
    const { status, traceId } = await ends(orderId);
    expect(status).toBe('cancelled');
    await chaos.becomes(id, 'biting');
    await chaos.stop(id);
    await until('it is refunded', async () => ((await ledgers.refunds()).has(orderId) ? true : null));
    await isTold(traceId, id);
  });

  test('poison-message: it waits in the dead letters, others pass, and a replay ends the order', async () => {
    const parameters = { event: 'order.screened' };
    const { id } = await chaos.inject({ fault: 'poison-message', target: 'inventory', parameters, ttlMs });
    const orderId = await placed();
    const parked = await until('it is parked', async () => {
      const list = ParkedKey.array().parse(await fleet.request('/v1/processes/inventory/parked'));
      return list.find(({ key }) => key === orderId) ?? null;
    });
    expect(parked).toMatchObject({ event: 'order.screened', reason: 'failed' });
    expect(await ends(await placed())).toMatchObject({ status: 'confirmed' });
    expect((await chaos.becomes(id, 'biting')).hits).toBe(1);
    await chaos.stop(id);
    const { consumer, key } = parked;
    await fleet.request('/v1/processes/inventory/parked/replay', 'POST', { consumer, key });
    const { status, traceId } = await ends(orderId);
    expect(status).toBe('confirmed');
    await isTold(traceId, id);
  });
});

describe('a process that is busy with itself', () => {
  test.each([
    ['event-loop-block', { blockMs: 150, pauseMs: 100 }],
    ['cpu', { threads: 1 }],
  ])('%s makes everything slower and nothing wrong', async (fault, parameters) => {
    const { id } = await chaos.inject({ fault, target: 'inventory', parameters, ttlMs });
    await chaos.becomes(id, 'biting');
    expect(await ends(await placed())).toMatchObject({ status: 'confirmed' });
    await chaos.stop(id);
  });
});

describe('the database of a service', () => {
  test.each([
    ['table-locked', 'inventory', { table: 'stock' }],
    ['pool-exhausted', 'inventory', { connections: 8 }],
  ])('%s: the order waits, and is done when it is over', async (fault, target, parameters) => {
    const { id } = await chaos.inject({ fault, target, parameters, ttlMs });
    const orderId = await placed();
    await chaos.becomes(id, 'biting');
    // Others ask for the same (the auditor reads the table): only now does this order, and its time to wait begins.
    await isScreened(orderId);
    await sleep(1_000);
    await chaos.stop(id);
    const found = await ends(orderId);
    expect(found.status).toBe('confirmed');
    await isTold(found.traceId, id);
  });
});

test('retry-storm: every failed call is repeated, and its span says why', async () => {
  const storm = await chaos.inject({
    fault: 'retry-storm',
    target: 'orders',
    parameters: { upstream: 'pricing' },
    ttlMs,
  });
  const cause = await chaos.inject({ fault: 'grpc-errors', target: 'pricing', ttlMs });
  const refused = await shop.place({});
  expect(refused.status).toBeGreaterThanOrEqual(500);
  await isTold(String(refused.body.traceId), storm.id);
  await chaos.becomes(storm.id, 'biting');
  await chaos.stop(cause.id);
  await chaos.stop(storm.id);
  await placed();
});

test('a lease inside a service ends without anybody asking', async () => {
  const order = { fault: 'http-errors', target: 'history', parameters: {}, ttlMs: 1_000 };
  const { id } = await chaos.inject(order);
  await expect(chaos.inject(order)).rejects.toThrow('is on history already');
  expect(await chaos.becomes(id, 'reverted')).toMatchObject({ endedBy: 'lease' });
});

test('what a service has not is refused with the reason', async () => {
  const refused = async (args: string[]) => (await fleet.orrery(['chaos', 'inject', ...args])).stderr;
  expect(await refused(['http-errors', 'orders', '--set', 'route=GET /moon'])).toContain(
    'there is no "GET /moon" here',
  );
  expect(await refused(['http-errors', 'orders', '--set', 'status=200'])).toContain('status');
  expect(await refused(['declines', 'orders'])).toContain('has no target "orders"; it has payments');
  expect((await chaos.state()).faults.filter(isActive)).toEqual([]);
});

test('after all of it everything adds up', async () => {
  await fleet.recovered();
  await everythingAddsUp(ledgers, acknowledged);
});

test('the auditor finds every hit in the traces, and every mark among the faults', async () => {
  const verdicts = await until(
    'it has looked at three faults and their marks',
    async () => {
      const { stdout } = await fleet.orrery(['audit', '--json']);
      const found = new Map(AuditBoard.parse(JSON.parse(stdout)).verdicts.map((verdict) => [verdict.id, verdict]));
      const looked = (id: InvariantId, of: string) =>
        found.get(id)?.evidence.find((evidence) => evidence.of === of)?.count ?? 0;
      return looked('OBS3', 'faults') >= 3 && looked('OBS2', 'marks') > 0 ? found : null;
    },
    { withinMs: 90_000, everyMs: 1_000 },
  );
  for (const id of ['OBS2', 'OBS3'] as const)
    expect(verdicts.get(id), id).toMatchObject({ state: 'valid', counterexample: null });
});
