import { AppError } from '#contracts/errors.ts';
import type { Logger } from '#kit/logger.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { type Decision, evolve, type Reservation, type ReservationEvent } from './reservation.ts';
import { stockChanges } from './stock-changes.ts';
import { changeStock, type Promised, saveReservation } from './store.ts';

/** Tries (about 40 s with the kit's pauses) that a message waits for the one it depends on, before a person must look. */
const patience = 12;

/** What became of a decision; null when nothing was to be done. */
export type Applied = { event: ReservationEvent; reservation: Reservation } | null;

/**
 * Writes what was decided: reservation, shelves and ledger. Throws `unavailable` (tried again) for a message that
 * came too early, and `conflict` (dead-lettered, so not lost) for one that contradicts what has happened.
 */
export async function applyDecision(
  tx: Tx,
  before: Reservation,
  decision: Decision,
  context: { attempt: number; log: Logger },
  promise?: Promised,
): Promise<Applied> {
  if (decision.outcome === 'accept') {
    const reservation = evolve(before, decision.event);
    saveReservation(tx, reservation, promise);
    changeStock(tx, before.orderId, stockChanges(decision.event, reservation.lines));
    return { event: decision.event, reservation };
  }
  const problem = `order ${before.orderId}: ${decision.why}`;
  if (decision.outcome === 'wait' && context.attempt < patience) throw new AppError('unavailable', problem);
  if (decision.outcome !== 'ignore') throw new AppError('conflict', problem);
  context.log.info({ why: decision.why, state: before.state }, 'nothing to do');
  return null;
}
