import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FinalAudit, type InvariantId, type Verdict } from '#contracts/sandbox/audit.ts';
import type { PatternName } from '#contracts/sandbox/control-channel.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { openShop, type Shop } from '../support/shop.ts';

/*
 * What the auditor says while a pattern is switched off, and after it is on again. What was done meanwhile stays done,
 * so the fleet is thrown away afterwards: "valid again" means that no later order joins the violations.
 */
let fleet: Fleet;
let shop: Shop;
beforeAll(async () => {
  fleet = await startFleet({ without: ['console', 'toxics', 'telemetry'] });
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

async function audit(id: InvariantId): Promise<Verdict> {
  const { stdout, stderr } = await fleet.orrery(['audit', '--final', '--json']);
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

test.each([
  ['outbox', 'billing', 'S12', placeOne],
  ['inbox', 'workers', 'S6', placeOne],
  ['idempotency-key', 'orders', 'S6', placeTwice],
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
