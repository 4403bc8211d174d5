import { describe, expect, test } from 'vitest';
import { products } from '#contracts/seed/products.ts';
import { everythingAddsUp } from '../support/adds-up.ts';
import { until } from '../support/until.ts';
import { onFleet } from './fixture.ts';

const { fleet, shop, ledgers } = await onFleet();

const victims = [
  'orders',
  'inventory',
  'pricing',
  'billing',
  'payments',
  'inference',
  'workers',
  'history',
  'gateway',
  'identity',
  'telemetry',
  'toxics',
  'broker',
  'postgres',
];
const plenty = products.filter((product) => product.initialStock >= 1000);

describe('kill -9 in the middle of orders', () => {
  test.each(victims)('of %s loses no acknowledged order and charges none twice', async (victim) => {
    const before = await fleet.process(victim);
    const acknowledged = await placeAround({ count: 24, calm: 8, strike: () => fleet.control(victim, 'kill') });
    const after = await until(`${victim} is back`, async () => {
      const status = await fleet.process(victim);
      return status.state === 'running' && status.pid !== before.pid ? status : null;
    });
    expect(after.restarts).toBe(before.restarts + 1);
    await fleet.recovered();
    expect(acknowledged.length).toBeGreaterThanOrEqual(8);
    await everythingAddsUp(ledgers, acknowledged);
  });

  test('of every process at once, then `up`: every acknowledged order ends, none twice', async () => {
    const pids = Object.values(fleet.state().processes).flatMap(({ pid }) => (pid === null ? [] : [pid]));
    const acknowledged = await placeAround({
      count: 200,
      calm: 100,
      strike: async () => {
        for (const pid of [fleet.state().supervisor.pid, ...pids]) process.kill(pid, 'SIGKILL');
      },
    });
    const up = await fleet.orrery(['up', '--detach', '--json']);
    expect(up.code, up.stderr).toBe(0);
    await fleet.recovered();
    expect(acknowledged.length).toBeGreaterThanOrEqual(100);
    await everythingAddsUp(ledgers, acknowledged, 120_000);
  }, 300_000);
});

/**
 * Places `count` orders, four at a time; those that were acknowledged. `strike` comes after the first `calm` of them,
 * while others are on their way. Refused and broken calls are not counted: nobody promised them anything.
 */
async function placeAround({
  count,
  calm,
  strike,
}: {
  count: number;
  calm: number;
  strike: () => Promise<void>;
}): Promise<string[]> {
  const acknowledged: string[] = [];
  let started = 0;
  let struck: Promise<void> | null = null;
  const customer = async () => {
    while (started < count) {
      const n = started;
      started += 1;
      const sku = plenty[n % plenty.length]?.sku ?? '';
      const answer = await shop
        .place({ items: [{ sku, qty: 1 + (n % 3) }], payment: { token: n % 7 === 3 ? 'tok_declined' : 'tok_visa' } })
        .catch(() => null);
      if (answer?.status === 202) acknowledged.push(String(answer.body.id));
      if (acknowledged.length >= calm) struck ??= strike();
    }
  };
  await Promise.all([customer(), customer(), customer(), customer()]);
  await struck;
  return acknowledged;
}
