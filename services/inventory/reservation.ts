import type { Line, Shortage } from './stock.ts';

/**
 * What inventory knows about one order. `none`: never heard of it. `active`: stock is promised. `released`: the promise
 * was taken back. `committed`: the goods have left. `rejected`: there was not enough. `tombstone`: a release came
 * before its reserve, so a late reserve must be refused (compensation before action).
 */
export type ReservationState = 'none' | 'active' | 'released' | 'committed' | 'rejected' | 'tombstone';

/** `version` counts the events of this aggregate without gaps; 0 before the first. */
export type Reservation = {
  orderId: string;
  state: ReservationState;
  reservationId: string | null;
  version: number;
  lines: readonly Line[];
};

export type ReservationCommand =
  | { type: 'reserve'; reservationId: string; lines: readonly Line[]; shortages: readonly Shortage[] }
  | { type: 'release'; reason: string }
  | { type: 'commit' };

export type ReservationEvent =
  | { type: 'reserved'; reservationId: string; lines: readonly Line[] }
  | { type: 'rejected'; shortages: readonly Shortage[] }
  | { type: 'released'; reservationId: string | null; reason: string }
  | { type: 'committed'; reservationId: string };

/**
 * `accept`: this happened. `ignore`: it had happened before, or must not happen any more. `wait`: the message came
 * before the one it depends on; try again later. `refuse`: it contradicts what has happened; a person must look.
 */
export type Decision =
  | { outcome: 'accept'; event: ReservationEvent }
  | { outcome: 'ignore' | 'wait' | 'refuse'; why: string };

export function unknownOrder(orderId: string): Reservation {
  return { orderId, state: 'none', reservationId: null, version: 0, lines: [] };
}

/** What a command means in the present state. Shortages are found by the caller, who holds the locks on the stock. */
export function decide(reservation: Reservation, command: ReservationCommand): Decision {
  switch (command.type) {
    case 'reserve':
      return decideReserve(reservation, command);
    case 'release':
      return decideRelease(reservation, command.reason);
    case 'commit':
      return decideCommit(reservation);
  }
}

function decideReserve(reservation: Reservation, command: Extract<ReservationCommand, { type: 'reserve' }>): Decision {
  switch (reservation.state) {
    case 'none':
      return command.shortages.length > 0
        ? { outcome: 'accept', event: { type: 'rejected', shortages: command.shortages } }
        : {
            outcome: 'accept',
            event: { type: 'reserved', reservationId: command.reservationId, lines: command.lines },
          };
    case 'tombstone':
      return { outcome: 'ignore', why: 'released before it was reserved' };
    case 'active':
    case 'released':
    case 'committed':
    case 'rejected':
      return { outcome: 'ignore', why: `already ${reservation.state}` };
  }
}

function decideRelease(reservation: Reservation, reason: string): Decision {
  switch (reservation.state) {
    case 'none':
    case 'active':
      return { outcome: 'accept', event: { type: 'released', reservationId: reservation.reservationId, reason } };
    case 'released':
    case 'tombstone':
    case 'rejected':
      return { outcome: 'ignore', why: `nothing is held: ${reservation.state}` };
    case 'committed':
      return { outcome: 'refuse', why: 'the goods have already left' };
  }
}

function decideCommit(reservation: Reservation): Decision {
  switch (reservation.state) {
    case 'none':
      return { outcome: 'wait', why: 'not reserved yet' };
    case 'active':
      return reservation.reservationId === null
        ? { outcome: 'refuse', why: 'active without a reservation id' }
        : { outcome: 'accept', event: { type: 'committed', reservationId: reservation.reservationId } };
    case 'committed':
      return { outcome: 'ignore', why: 'already committed' };
    case 'released':
    case 'rejected':
    case 'tombstone':
      return { outcome: 'refuse', why: `nothing is held: ${reservation.state}` };
  }
}

/** The reservation after the event. */
export function evolve(reservation: Reservation, event: ReservationEvent): Reservation {
  const version = reservation.version + 1;
  switch (event.type) {
    case 'reserved':
      return { ...reservation, version, state: 'active', reservationId: event.reservationId, lines: event.lines };
    case 'rejected':
      return { ...reservation, version, state: 'rejected' };
    case 'released':
      return { ...reservation, version, state: event.reservationId === null ? 'tombstone' : 'released' };
    case 'committed':
      return { ...reservation, version, state: 'committed' };
  }
}
