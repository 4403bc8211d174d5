import { expect } from 'vitest';
import { terminalStatuses } from '#contracts/http/orders.ts';
import type { Ledgers } from './ledgers.ts';
import { until } from './until.ts';

/** The oracle: owners' tables and the provider's ledger, not what a status page says. */
export async function everythingAddsUp(
  ledgers: Ledgers,
  acknowledged: readonly string[],
  withinMs = 60_000,
): Promise<void> {
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
