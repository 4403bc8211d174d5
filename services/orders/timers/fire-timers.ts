import { setTimeout as sleep } from 'node:timers/promises';
import { attributes } from '#contracts/telemetry/attributes.ts';
import { instant } from '#kit/clock.ts';
import type { Database } from '#kit/postgres/database.ts';
import type { Service } from '#kit/service.ts';
import { withoutTracing, withSpan } from '#kit/telemetry/spans.ts';
import { type ChangeOrderDeps, changeOrder } from '../change-order.ts';
import { lockOrder } from '../store.ts';
import { findDueTimer, sweepMootTimers, takeTimer } from './store.ts';

/** How often due timers are looked for, milliseconds: how late one may be on a quiet day. */
const pollMs = 250;

/**
 * Tells of deadlines that have passed until the service stops: `order.timed_out` through the outbox, in the transaction
 * that takes the timer away. So a timer fires once, survives every crash, and may be late; whoever reads the message
 * checks whether it still matters. Several instances share the work.
 */
export function startTimers(service: Service, deps: ChangeOrderDeps & { db: Database }): void {
  async function runForever(): Promise<void> {
    for (let failures = 0; !service.signal.aborted; ) {
      try {
        await fireDueTimers(deps);
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures === 1 || failures % 20 === 0)
          service.log.warn({ failures, error }, 'timers cannot fire, they wait');
      }
      const pauseMs = Math.min(pollMs * 2 ** Math.min(failures, 4), 2_000);
      await sleep(pauseMs, undefined, { signal: service.signal }).catch(() => {});
    }
  }
  const running = withoutTracing(runForever);
  service.shutdown.add('timers', () => running);
}

/** Fires everything that is due now, one after the other. */
export async function fireDueTimers(deps: ChangeOrderDeps & { db: Database }): Promise<void> {
  const now = instant(deps.clock);
  let due = await findDueTimer(deps.db, now);
  if (due === null) return;
  await sweepMootTimers(deps.db, now);
  for (due = await findDueTimer(deps.db, now); due !== null; due = await findDueTimer(deps.db, now)) {
    await fire(deps, due, now);
  }
}

/**
 * The order's lock comes first, as everywhere: it is the lease on its timers, and ends with the transaction or with the
 * connection of a process that was killed.
 */
async function fire(
  deps: ChangeOrderDeps & { db: Database },
  { orderId, name: timer }: { orderId: string; name: string },
  now: string,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const order = await lockOrder(tx, orderId);
    const taken = await takeTimer(tx, orderId, timer, now);
    if (taken === null) return;
    const { attempt, firesAt: dueAt, trace } = taken;
    await withSpan(`timer ${timer}`, { parent: trace, attributes: { [attributes.orderId]: orderId } }, () =>
      changeOrder(deps, tx, order, [{ type: 'order.timed_out', timer, attempt, dueAt }], null),
    );
    tx.onCommit(() => deps.log.info({ orderId, timer, attempt, dueAt }, 'timer fired'));
  });
}
