import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FinalAudit, type InvariantId, type Verdict } from '#contracts/sandbox/audit.ts';
import { ParkedKey, type PatternName, PatternStatus } from '#contracts/sandbox/control-channel.ts';
import { openChaos } from '../support/chaos.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { until } from '../support/until.ts';

/*
 * What the auditor says while a pattern is switched off, and after it is on again. What was done meanwhile stays done,
 * so the fleet is thrown away afterwards: "valid again" means that no later order joins the violations.
 */
let fleet: Fleet;
let shop: Shop;
beforeAll(async () => {
  fleet = await startFleet({ without: ['console', 'telemetry'] });
  shop = await openShop(fleet);
});
afterAll(() => fleet.stop());

async function turn(service: string, pattern: PatternName, enabled: boolean): Promise<void> {
  const { status } = await fetch(`${fleet.state().endpoints.control}/v1/processes/${service}/patterns/${pattern}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${fleet.secrets().controlToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ enabled }),
    signal: AbortSignal.timeout(10_000),
  });
  expect(status).toBe(200);
}

/** What is broken for good never comes to rest: the audit does not wait long for that. */
async function audit(id: InvariantId): Promise<Verdict> {
  const { stdout, stderr } = await fleet.orrery(['audit', '--final', '--timeout', '15', '--json']);
  expect(stdout, stderr).not.toBe('');
  const verdict = FinalAudit.parse(JSON.parse(stdout)).verdicts?.find((one) => one.id === id);
  if (verdict === undefined) throw new Error(`no verdict on ${id}`);
  return verdict;
}

/** Places one order under a key, and again under the same: what a client does that did not hear the answer. */
async function placeTwice(): Promise<string[]> {
  const key = randomUUID();
  const answers = [await shop.place({}, key), await shop.place({}, key)];
  const ids = answers.map(({ status, body }) => {
    expect(status).toBe(202);
    return String(body.id);
  });
  const line = (orderId: string) => ({
    run: 'twice',
    op: 'place',
    idempotencyKey: key,
    type: 'ok',
    orderId,
    at: new Date(),
  });
  mkdirSync(join(fleet.home, 'load'), { recursive: true });
  writeFileSync(join(fleet.home, `load/${key}.jsonl`), ids.map((id) => `${JSON.stringify(line(id))}\n`).join(''));
  for (const id of ids) await shop.finished(id);
  return [...new Set(ids)];
}

async function placeOne(): Promise<string[]> {
  const id = await shop.placed();
  await shop.finished(id);
  return [id];
}

/** Places one order of which workers cannot handle the first message that they meet. */
async function placePoisoned(): Promise<string[]> {
  // A consumer owes only messages of the kinds that it has been seen to handle.
  await placeOne();
  const chaos = openChaos(fleet);
  const fault = await chaos.inject({ fault: 'poison-message', target: 'workers', parameters: { messages: 1 } });
  const placed = await placeOne();
  await chaos.becomes(fault.id, 'biting');
  await chaos.stop(fault.id);
  return placed;
}

test.each([
  ['outbox', 'billing', 'S12', placeOne],
  ['inbox', 'workers', 'S6', placeOne],
  ['idempotency-key', 'orders', 'S6', placeTwice],
  ['dead-letter', 'workers', 'L8', placePoisoned],
] as const)(
  '%s of %s switched off breaks %s for the orders of that time, and for none after',
  async (pattern, service, id, place) => {
    await place();
    const before = await audit(id);
    await turn(service, pattern, false);
    const damaged = await place();
    const broken = await audit(id);
    await turn(service, pattern, true);
    expect(broken.state).toBe('invalid');
    expect(broken.violations).toBe(before.violations + damaged.length);
    if (before.violations === 0) expect(damaged).toContain(broken.counterexample?.orderId);
    await place();
    expect((await audit(id)).violations).toBe(broken.violations);
  },
);

const billing = {
  isParked: async (orderId: string) => {
    const keys = ParkedKey.array().parse(await fleet.request('/v1/processes/billing/parked'));
    return keys.some(({ key }) => key === orderId);
  },
  retries: async () => {
    const patterns = PatternStatus.array().parse(await fleet.request('/v1/processes/billing/patterns'));
    const parts = patterns.find(({ pattern }) => pattern === 'dependency-pause')?.parts ?? [];
    return parts.reduce((sum, { facts }) => sum + Number(facts.retries), 0);
  },
};

/** Places an order, and starts the provider again when `seen` says so. */
async function placeWithoutProvider(seen: (orderId: string) => Promise<boolean>): Promise<string> {
  await fleet.control('payments', 'stop');
  await until('payments has stopped', async () =>
    (await fleet.process('payments')).state === 'stopped' ? true : null,
  );
  const id = await shop.placed({ paymentTimeoutMs: 600_000 });
  await until('billing has tried', async () => ((await seen(id)) ? true : null));
  await fleet.control('payments', 'start');
  await until('payments runs', async () => ((await fleet.process('payments')).state === 'running' ? true : null));
  return id;
}

test('dependency-pause of billing switched off breaks L1: the order of an outage is given up, and ends when it is replayed', async () => {
  const before = await billing.retries();
  const waited = await placeWithoutProvider(async () => (await billing.retries()) > before);
  expect((await shop.finished(waited)).order.status).toBe('confirmed');
  expect((await audit('L1')).state).toBe('valid');

  await turn('billing', 'dependency-pause', false);
  const givenUp = await placeWithoutProvider(billing.isParked);
  const broken = await audit('L1');
  expect(broken).toMatchObject({ state: 'invalid', violations: 1, counterexample: { orderId: givenUp } });

  await turn('billing', 'dependency-pause', true);
  await fleet.request('/v1/processes/billing/parked/replay', 'POST', { consumer: 'billing', key: givenUp });
  expect((await shop.finished(givenUp)).order.status).toBe('confirmed');
  expect((await audit('L1')).state).toBe('valid');
});
