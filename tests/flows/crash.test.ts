import { describe, expect, test } from 'vitest';
import { terminalStatuses } from '#contracts/http/orders.ts';
import { products } from '#contracts/seed/products.ts';
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
    await everythingAddsUp(acknowledged);
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
    await everythingAddsUp(acknowledged, 120_000);
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

/** The oracle: owners' tables and the provider's ledger, not what a status page says. */
async function everythingAddsUp(acknowledged: string[], withinMs = 60_000): Promise<void> {
  const waiting = new Set(acknowledged);
  await until(
    'every acknowledged order is confirmed or cancelled',
    async () => {
      for (const { id, status } of await ledgers.orders()) {
        if ((terminalStatuses as readonly string[]).includes(status)) waiting.delete(id);
      }
      if (waiting.size > 0)
        throw new Error(
          `${waiting.size} of ${acknowledged.length} still open, e.g. ${[...waiting].slice(0, 3).join(', ')}`,
        );
      return true;
    },
    { withinMs, everyMs: 200 },
  );
  await until('every outbox has drained', async () => ((await ledgers.waitingOutbox()) === 0 ? true : null));
  const orders = await ledgers.orders();
  const captures = await ledgers.captures();
  const confirmed = orders.filter(({ status }) => status === 'confirmed').map(({ id }) => id);
  expect(confirmed.filter((id) => captures.get(id) !== 1)).toEqual([]);
  const refunds = await ledgers.refunds();
  expect([...captures].filter(([id, n]) => n !== 1 || confirmed.includes(id) === refunds.has(id))).toEqual([]);
  expect(await ledgers.refundsBooked()).toEqual(refunds);
  expect(await ledgers.booked()).toEqual(captures);
  await until('stock follows from its ledger and no reservation is left over', async () => {
    const errors = await ledgers.stockErrors();
    const left = await ledgers.openReservations();
    if (errors.length + left > 0) throw new Error(`${errors.join('; ')}; ${left} reservations still active`);
    return true;
  });
  expect(await ledgers.parked()).toEqual([]);
}
