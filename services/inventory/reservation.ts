import type { Line, Shortage } from './stock.ts';

/**
 * What inventory knows about one order. `none`: never heard of it. `active`: stock is promised. `released`: the promise
 * was taken back. `expired`: it ran out before its saga had decided. `committed`: the goods have left. `rejected`: there was not enough. `tombstone`: a release came
 * before its reserve, so a late reserve must be refused (compensation before action).
 */
export type ReservationState = 'none' | 'active' | 'released' | 'expired' | 'committed' | 'rejected' | 'tombstone';

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
  | { type: 'commit'; shortages: readonly Shortage[] }
  | { type: 'expire' };

export type ReservationEvent =
  | { type: 'reserved'; reservationId: string; lines: readonly Line[] }
  | { type: 'rejected'; shortages: readonly Shortage[] }
  | { type: 'released'; reservationId: string | null; reason: string; expired: boolean }
  /** `held`: the goods were promised until now; otherwise they are taken from what is free. */
  | { type: 'committed'; reservationId: string; held: boolean };

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
      return decideCommit(reservation, command.shortages);
    case 'expire':
      return decideExpiry(reservation);
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
    case 'expired':
    case 'committed':
    case 'rejected':
      return { outcome: 'ignore', why: `already ${reservation.state}` };
  }
}

function decideRelease(reservation: Reservation, reason: string): Decision {
  switch (reservation.state) {
    case 'none':
    case 'active':
      return {
        outcome: 'accept',
        event: { type: 'released', reservationId: reservation.reservationId, reason, expired: false },
      };
    case 'released':
    case 'expired':
    case 'tombstone':
    case 'rejected':
      return { outcome: 'ignore', why: `nothing is held: ${reservation.state}` };
    case 'committed':
      return { outcome: 'refuse', why: 'the goods have already left' };
  }
}

/**
 * The sale is paid, and after that there is only forward: what ran out is taken anew, from what is free. When that is
 * not enough, the sale waits until somebody restocks and replays its message.
 */
function decideCommit({ state, reservationId }: Reservation, shortages: readonly Shortage[]): Decision {
  switch (state) {
    case 'none':
      return { outcome: 'wait', why: 'not reserved yet' };
    case 'expired':
    case 'active': {
      if (reservationId === null) return { outcome: 'refuse', why: `${state} without a reservation id` };
      const held = state === 'active';
      if (held || shortages.length === 0)
        return { outcome: 'accept', event: { type: 'committed', reservationId, held } };
      const missing = shortages.map(({ sku, requested, available }) => `${sku} (${available} of ${requested})`);
      return {
        outcome: 'refuse',
        why: `the reservation expired, and there is not enough left of ${missing.join(', ')}`,
      };
    }
    case 'committed':
      return { outcome: 'ignore', why: 'already committed' };
    case 'released':
    case 'rejected':
    case 'tombstone':
      return { outcome: 'refuse', why: `nothing is held: ${state}` };
  }
}

function decideExpiry({ state, reservationId }: Reservation): Decision {
  return state === 'active'
    ? { outcome: 'accept', event: { type: 'released', reservationId, reason: 'reservation expired', expired: true } }
    : { outcome: 'ignore', why: `nothing is held: ${state}` };
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
      return { ...reservation, version, state: releasedState(event) };
    case 'committed':
      return { ...reservation, version, state: 'committed' };
  }
}

function releasedState({ reservationId, expired }: Extract<ReservationEvent, { type: 'released' }>): ReservationState {
  if (reservationId === null) return 'tombstone';
  return expired ? 'expired' : 'released';
}
