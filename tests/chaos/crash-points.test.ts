import { describe, expect, test } from 'vitest';
import type { OrderCreate } from '#contracts/http/orders.ts';
import type { FailpointName } from '#contracts/sandbox/control-channel.ts';
import { onFleet } from '../flows/fixture.ts';
import { everythingAddsUp } from '../support/adds-up.ts';
import { finalAudit } from '../support/final-audit.ts';
import { until } from '../support/until.ts';

const { fleet, shop, ledgers } = await onFleet();

type CrashPoint = { failpoint: FailpointName; victim: string };

const crashPoints: readonly CrashPoint[] = [
  { failpoint: 'outbox.after_commit', victim: 'orders' },
  { failpoint: 'outbox.after_ack', victim: 'inventory' },
  { failpoint: 'outbox.after_ack', victim: 'billing' },
  { failpoint: 'consumer.after_commit', victim: 'orders' },
  { failpoint: 'consumer.after_commit', victim: 'billing' },
  { failpoint: 'billing.after_charge', victim: 'billing' },
  { failpoint: 'saga.compensating', victim: 'orders' },
];

/** A few of each end: sold, declined, cancelled while being paid, paid too late. */
const orders: readonly Partial<OrderCreate>[] = [
  {},
  { payment: { token: 'tok_declined' } },
  { payment: { token: 'tok_slow' } },
  {},
  { payment: { token: 'tok_slow' }, paymentTimeoutMs: 1_000 },
  { payment: { token: 'tok_declined' } },
];

describe.each(['choreography', 'orchestration'] as const)('in a %s', (sagaStyle) => {
  test.each(crashPoints)(
    '$victim is killed at $failpoint and nothing is lost or doubled',
    async ({ failpoint, victim }) => {
      const before = await fleet.process(victim);
      await fleet.request(`/v1/processes/${victim}/failpoints/${failpoint}`, 'PUT', { action: 'kill' });
      const acknowledged: string[] = [];
      for (const order of orders) {
        // The victim may be the one that takes orders: what it did not acknowledge it does not owe.
        const answer = await shop.place({ ...order, sagaStyle }).catch(() => null);
        if (answer?.status === 202) acknowledged.push(String(answer.body.id));
      }
      const cancelled = acknowledged[2];
      if (cancelled !== undefined) await shop.request('POST', `/orders/${cancelled}/cancel`).catch(() => null);

      const after = await until(`${victim} died and is back`, async () => {
        const status = await fleet.process(victim);
        return status.state === 'running' && status.pid !== before.pid ? status : null;
      });
      expect(after.lastExit).toMatchObject({ signal: 'SIGKILL' });
      expect(after.restarts).toBe(before.restarts + 1);
      const lines = (await fleet.request(`/v1/processes/${victim}/logs?lines=500`)) as { line: string }[];
      const hit = lines.findLast(({ line }) => line.includes('failpoint hit'));
      expect(hit?.line).toContain(failpoint);

      await fleet.recovered();
      expect(acknowledged.length).toBeGreaterThan(0);
      await everythingAddsUp(ledgers, acknowledged);
    },
  );
});

test('after all of it the auditor finds every ledger and message in order', async () => {
  const valid = ['S2', 'S3', 'S4', 'S6', 'S7', 'S9', 'L1', 'L3', 'L4', 'L5', 'L6'];
  expect(await finalAudit(fleet)).toEqual(expect.arrayContaining(valid));
});
