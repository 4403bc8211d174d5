import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isActive } from '#contracts/sandbox/chaos-limits.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { Span } from '#contracts/telemetry/query.ts';
import { onFleet } from '../flows/fixture.ts';
import { openChaos } from '../support/chaos.ts';
import { until } from '../support/until.ts';

const { fleet, shop, ledgers, telemetry } = await onFleet();
const chaos = openChaos(fleet);
const edge = 'gateway-orders-http';
const ttlMs = 120_000;
/** Every order that a customer was promised, whatever was on at the time. */
const acknowledged: string[] = [];

async function order(): Promise<number> {
  const answer = await shop.place({}).catch(() => null);
  if (answer?.status === 202) acknowledged.push(String(answer.body.id));
  return answer?.status ?? 0;
}

/** The spans that it touched, once there are some that fit. */
const isTold = (id: string, fits: (span: Span) => boolean) =>
  until(`a span tells of the fault ${id}`, async () => {
    const spans = await telemetry.touchedBy(id);
    return spans.some(fits) ? spans : null;
  });

/** All that a fault on the edge may touch: the gateway's calls to orders, and its work that could not make one. */
const onlyOnTheEdge = (spans: readonly Span[]) => {
  const elsewhere = spans.filter(
    ({ service, kind, attributes }) =>
      service !== 'gateway' ||
      (kind === 'client' ? attributes[names.peerService] : attributes[names.unreachable]) !== 'orders',
  );
  expect(elsewhere.map(({ service, kind, name }) => `${service} ${kind} ${name}`)).toEqual([]);
};

const isFailedCall = ({ kind, status }: Span) => kind === 'client' && status === 'error';
const isHandled =
  (service: string) =>
  ({ kind, service: by }: Span) =>
    kind === 'consumer' && by === service;

const accepts = () => until('orders are accepted again', async () => ((await order()) === 202 ? true : null));

beforeAll(() => chaos.request('POST', '/release'));
afterAll(() => chaos.request('POST', '/release'));

describe('on an edge', () => {
  test('latency makes its step longer, and nothing else', async () => {
    const { id } = await chaos.inject({ fault: 'latency', target: edge, parameters: { latencyMs: 400 }, ttlMs });
    const began = performance.now();
    expect(await order()).toBe(202);
    expect(performance.now() - began).toBeGreaterThanOrEqual(400);
    await chaos.becomes(id, 'biting');
    expect(await chaos.stop(id)).toMatchObject({ state: 'reverted', endedBy: 'user' });
    const told = await isTold(id, ({ kind }) => kind === 'client');
    onlyOnTheEdge(told);
    expect(told.every(({ durationNano }) => durationNano >= 400e6)).toBe(true);
  });

  test.each([
    ['connection-reset', { share: 1 }],
    ['black-hole', {}],
    ['slow-link', { kilobytesPerSecond: 1, pieceBytes: 16 }],
  ])('%s bites, is reverted, and orders are accepted again', async (fault, parameters) => {
    const { id } = await chaos.inject({ fault, target: edge, parameters, ttlMs });
    const answers: number[] = [];
    await until(`${fault} bites`, async () => {
      answers.push(await order());
      const { faults } = await chaos.state();
      return faults.find((run) => run.id === id)?.state === 'biting' ? true : null;
    });
    if (fault !== 'slow-link') expect(answers.some((status) => status >= 500)).toBe(true);
    await chaos.stop(id);
    onlyOnTheEdge(await isTold(id, fault === 'slow-link' ? ({ kind }) => kind === 'client' : isFailedCall));
    await accepts();
  });

  test('connection-refused cuts what is open and fails fast', async () => {
    await accepts();
    const { id } = await chaos.inject({ fault: 'connection-refused', target: edge, ttlMs });
    await chaos.becomes(id, 'biting');
    expect(await order()).toBeGreaterThanOrEqual(500);
    await chaos.stop(id);
    onlyOnTheEdge(await isTold(id, isFailedCall));
    await accepts();
  });

  test('reply-lost: the order exists though nobody was told, and the same key finds it again', async () => {
    const before = new Set((await ledgers.orders()).map(({ id }) => id));
    const { id } = await chaos.inject({ fault: 'reply-lost', target: edge, ttlMs });
    const key = randomUUID();
    const answer = await shop.place({}, key).catch(() => null);
    expect(answer?.status).not.toBe(202);
    await chaos.becomes(id, 'biting');
    await chaos.stop(id);
    onlyOnTheEdge(await isTold(id, isFailedCall));
    const again = await until('the same key is answered', async () => {
      const found = await shop.place({}, key);
      return found.status === 202 ? found : null;
    });
    const made = (await ledgers.orders()).filter((known) => !before.has(known.id));
    expect(made.map((known) => known.id)).toEqual([again.body.id]);
    acknowledged.push(String(again.body.id));
  });
});

describe('on a process', () => {
  test.each([
    ['crash', {}],
    ['graceful-restart', {}],
    ['crash-loop', { crashes: 2 }],
  ])('%s is over when the process is ready again', async (fault, parameters) => {
    const before = await fleet.process('inventory');
    const { id } = await chaos.inject({ fault, target: 'inventory', parameters, ttlMs });
    await order();
    const run = await chaos.becomes(id, 'reverted');
    expect(run.endedBy).toBe('itself');
    expect(run.hits).toBe(fault === 'crash-loop' ? 2 : 1);
    expect((await fleet.process('inventory')).restarts).toBe(before.restarts + run.hits);
    // The message waited for the process to be back.
    await isTold(id, isHandled('inventory'));
  });

  test('freeze stops it, and its lease wakes it', async () => {
    const { pid } = await fleet.process('inventory');
    const { id } = await chaos.inject({ fault: 'freeze', target: 'inventory', ttlMs: 2_000 });
    expect((await fleet.process('inventory')).state).toBe('paused');
    await order();
    const run = await chaos.becomes(id, 'reverted');
    expect(run).toMatchObject({ endedBy: 'lease', hits: 1 });
    expect((await fleet.process('inventory')).pid).toBe(pid);
    await isTold(id, ({ service }) => service === 'inventory');
  });
});

describe('at a crash point', () => {
  test.each([
    ['crash-after-commit', 'orders', {}],
    ['crash-after-ack', 'inventory', {}],
    ['crash-after-handling', 'billing', {}],
    ['crash-after-charge', 'billing', {}],
    ['crash-while-compensating', 'orders', { payment: { token: 'tok_declined' } }],
  ] as const)('%s: %s dies there, once, and the order ends all the same', async (fault, target, how) => {
    const before = await fleet.process(target);
    const { id } = await chaos.inject({ fault, target, ttlMs });
    const answer = await until('an order is accepted', async () => {
      const found = await shop.place(how).catch(() => null);
      return found?.status === 202 ? found : null;
    });
    acknowledged.push(String(answer.body.id));
    expect(await chaos.becomes(id, 'reverted')).toMatchObject({ endedBy: 'itself', hits: 1 });
    expect((await fleet.process(target)).restarts).toBe(before.restarts + 1);
    await isTold(id, ({ service }) => service === target);
    const { order } = await shop.finished(String(answer.body.id), 60_000);
    expect(order.status).toBe('payment' in how ? 'cancelled' : 'confirmed');
  });
});

describe('of a part that all stand on', () => {
  test.each([
    ['broker-down', 'broker', 202, ({ kind }: Span) => kind === 'producer' || kind === 'consumer'],
    // Nobody calls it in a trace: it touches none.
    ['telemetry-down', 'telemetry', 202, null],
    ['inference-down', 'inference', 202, ({ attributes }: Span) => attributes[names.peerService] === 'inference'],
    ['database-down', 'postgres', null, ({ status }: Span) => status === 'error'],
  ] as const)('%s: %s is down until it is reverted', async (fault, target, accepted, fits) => {
    const { id } = await chaos.inject({ fault, target, ttlMs });
    await until(`${target} is held down`, async () =>
      (await fleet.process(target)).state === 'stopped' ? true : null,
    );
    await chaos.becomes(id, 'biting');
    const status = await order();
    if (accepted === null) expect(status).toBeGreaterThanOrEqual(500);
    else expect(status).toBe(accepted);
    await chaos.stop(id);
    expect((await fleet.process(target)).state).toBe('running');
    await accepts();
    if (fits === null) expect(await telemetry.touchedBy(id)).toEqual([]);
    else await isTold(id, fits);
  });
});

describe('whatever is on', () => {
  test('ends with the proxy that held it, and the engine says so', async () => {
    const { id } = await chaos.inject({ fault: 'latency', target: edge, ttlMs });
    await fleet.control('toxics', 'kill');
    expect(await chaos.becomes(id, 'reverted')).toMatchObject({ endedBy: 'injector-gone' });
    await fleet.recovered();
    await accepts();
  });

  test('stop-all ends all of it and lets nothing be armed until it is released', async () => {
    const first = await chaos.inject({ fault: 'black-hole', target: 'orders-postgres-postgres', ttlMs });
    const second = await chaos.inject({ fault: 'freeze', target: 'workers', ttlMs });
    const stopped = await fleet.orrery(['chaos', 'stop-all', '--reason', 'enough']);
    expect(stopped, stopped.stderr).toMatchObject({ code: 0 });
    for (const { id } of [first, second]) {
      expect(await chaos.becomes(id, 'reverted')).toMatchObject({ endedBy: 'stop-all' });
    }
    const refused = await fleet.orrery(['chaos', 'inject', 'crash', 'orders']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('all faults are stopped (enough)');
    await fleet.orrery(['chaos', 'release']);
    await accepts();
  });

  test('what makes no sense is refused with the reason', async () => {
    const refused = async (args: string[]) => (await fleet.orrery(['chaos', 'inject', ...args])).stderr;
    expect(await refused(['gremlins', edge])).toContain('there is no fault "gremlins"');
    expect(await refused(['latency', 'moon'])).toContain('has no target "moon"');
    expect(await refused(['latency', edge, '--set', 'latencyMs=-1'])).toContain('latencyMs');
    expect(await refused(['latency', edge, '--ttl', '1h'])).toContain('at most 900 s');
    expect((await chaos.state()).faults.filter(isActive)).toEqual([]);
  });
});

test('after all of it every promised order has ended, and none was charged twice', async () => {
  await fleet.recovered();
  for (const id of acknowledged) await shop.finished(id, 60_000);
  const captures = await ledgers.captures();
  expect(acknowledged.length).toBeGreaterThan(10);
  expect([...captures].filter(([, count]) => count > 1)).toEqual([]);
});
