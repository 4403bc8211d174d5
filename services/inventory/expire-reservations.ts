import { setTimeout as sleep } from 'node:timers/promises';
import { isAppError } from '#contracts/errors.ts';
import { attributes } from '#contracts/telemetry/attributes.ts';
import type { Logger } from '#kit/logger.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import type { Database } from '#kit/postgres/database.ts';
import type { Service } from '#kit/service.ts';
import { withoutTracing, withSpan } from '#kit/telemetry/spans.ts';
import { applyDecision } from './apply-decision.ts';
import { decide } from './reservation.ts';
import { findEndedReservations, lockReservation, takeEnded } from './store.ts';

/** How often promises that have run out are looked for, milliseconds. */
const pollMs = 2_000;

type ExpireDeps = { db: Database; producer: string; log: Logger };

/**
 * Takes promises back that have run out, until the service stops. Several instances share the work. It begins when
 * `lag`, the messages that wait for this service, has once been 0: after an outage they may say that a promise was kept.
 */
export function startExpiring(service: Service, db: Database, lag: () => Promise<number>): void {
  const deps = { db, producer: service.name, log: service.log };
  async function runForever(): Promise<void> {
    let hasHeard = false;
    for (let failures = 0; ; ) {
      await sleep(pollMs, undefined, { signal: service.signal }).catch(() => {});
      if (service.signal.aborted) return;
      try {
        hasHeard ||= (await lag()) === 0;
        if (hasHeard) await expireReservations(deps, service.signal);
        failures = 0;
      } catch (error) {
        failures += 1;
        if (failures === 1 || failures % 20 === 0)
          service.log.warn({ failures, error }, 'promises that have run out cannot be taken back, trying again');
      }
    }
  }
  const running = withoutTracing(runForever);
  service.shutdown.add('reservation expiry', () => running);
}

/**
 * Takes back what has run out, one order after the other, until `signal` aborts; how many. The clock is the database's.
 * An order that fails holds none of the others up: the first error is thrown when all have had their turn, or at once
 * when the database does not answer.
 */
export async function expireReservations(deps: ExpireDeps, signal?: AbortSignal): Promise<number> {
  let expired = 0;
  const errors: unknown[] = [];
  for (const orderId of await findEndedReservations(deps.db)) {
    if (signal?.aborted) break;
    try {
      if (await expireReservation(deps, orderId)) expired += 1;
    } catch (error) {
      if (isAppError(error, 'unavailable')) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return expired;
}

/** False when somebody was faster: its saga, or another instance. */
async function expireReservation({ db, producer, log }: ExpireDeps, orderId: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const before = await lockReservation(tx, orderId);
    const ended = await takeEnded(tx, orderId);
    if (ended === null) return false;
    const applied = await applyDecision(tx, before, decide(before, { type: 'expire' }), { attempt: 1, log });
    if (applied?.event.type !== 'released') return false;
    const { event, reservation } = applied;
    const { reservationId, reason } = event;
    const span = { parent: ended.trace, attributes: { [attributes.orderId]: orderId } };
    await withSpan('reservation expires', span, () =>
      enqueue(tx, {
        event: 'inventory.released',
        data: { orderId, reservationId, reason, expired: true },
        producer,
        orderId,
        aggregateType: 'reservation',
        aggregateVersion: reservation.version,
        cause: { ...ended.cause, correlationId: orderId },
      }),
    );
    tx.onCommit(() =>
      log.warn({ orderId, reservationId, expiresAt: ended.expiresAt }, 'reservation expired, stock released'),
    );
    return true;
  });
}
