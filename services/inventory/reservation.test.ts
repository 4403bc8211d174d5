import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decide,
  evolve,
  type Reservation,
  type ReservationCommand,
  type ReservationEvent,
  unknownOrder,
} from './reservation.ts';
import { findShortages, type Line, mergeLines, type StockLevel } from './stock.ts';
import { stockChanges } from './stock-changes.ts';

const initial: Record<string, number> = { A: 5, B: 3, C: 0 };

/** The whole service as a value: what the SQL does, without SQL. */
type Warehouse = {
  stock: Map<string, StockLevel>;
  ledger: { sku: string; delta: number; orderId: string }[];
  reservations: Map<string, Reservation>;
  published: { orderId: string; version: number; event: ReservationEvent }[];
};

type Message = { orderId: string; type: 'reserve' | 'release' | 'commit' | 'expire'; lines: Line[] };

function emptyWarehouse(): Warehouse {
  const stock = Object.entries(initial).map(([sku, onHand]) => [sku, { sku, onHand, reserved: 0 }] as const);
  return { stock: new Map(stock), ledger: [], reservations: new Map(), published: [] };
}

function deliver(warehouse: Warehouse, message: Message): string {
  const before = warehouse.reservations.get(message.orderId) ?? unknownOrder(message.orderId);
  const decision = decide(before, commandOf(warehouse, before, message));
  if (decision.outcome !== 'accept') return decision.outcome;
  const after = evolve(before, decision.event);
  for (const change of stockChanges(decision.event, after.lines)) {
    const level = warehouse.stock.get(change.sku);
    if (!level) throw new Error(`no stock row for ${change.sku}`);
    level.onHand += change.onHand;
    level.reserved += change.reserved;
    if (change.onHand !== 0) warehouse.ledger.push({ sku: change.sku, delta: change.onHand, orderId: message.orderId });
  }
  warehouse.reservations.set(message.orderId, after);
  warehouse.published.push({ orderId: message.orderId, version: after.version, event: decision.event });
  return 'accept';
}

function commandOf(
  { stock }: Warehouse,
  before: Reservation,
  { orderId, type, lines: wanted }: Message,
): ReservationCommand {
  const levels = [...stock.values()];
  switch (type) {
    case 'reserve': {
      const lines = mergeLines(wanted);
      return { type, reservationId: `r-${orderId}`, lines, shortages: findShortages(lines, levels) };
    }
    case 'release':
      return { type, reason: 'payment_failed' };
    case 'commit':
      return { type, shortages: before.state === 'expired' ? findShortages(before.lines, levels) : [] };
    case 'expire':
      return { type };
  }
}

const line = fc.record({ sku: fc.constantFrom('A', 'B', 'C', 'UNKNOWN'), qty: fc.integer({ min: 1, max: 4 }) });
const message: fc.Arbitrary<Message> = fc.record({
  orderId: fc.constantFrom('o1', 'o2', 'o3', 'o4'),
  type: fc.constantFrom('reserve', 'release', 'commit', 'expire'),
  lines: fc.array(line, { minLength: 1, maxLength: 3 }),
});

test('any interleaving and duplication of reserve, release, commit and expiry keeps S1, S2 and S7', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), (messages) => {
      const warehouse = emptyWarehouse();
      for (const each of messages) {
        deliver(warehouse, each);
        for (const { sku, onHand, reserved } of warehouse.stock.values()) {
          // S1
          expect(onHand).toBeGreaterThanOrEqual(0);
          expect(reserved).toBeGreaterThanOrEqual(0);
          expect(reserved).toBeLessThanOrEqual(onHand);
          // S2
          const moved = warehouse.ledger
            .filter((entry) => entry.sku === sku)
            .reduce((sum, entry) => sum + entry.delta, 0);
          expect(onHand).toBe((initial[sku] ?? 0) + moved);
          const held = [...warehouse.reservations.values()]
            .filter((reservation) => reservation.state === 'active')
            .flatMap((reservation) => reservation.lines)
            .filter((held) => held.sku === sku)
            .reduce((sum, held) => sum + held.qty, 0);
          expect(reserved).toBe(held);
        }
      }
      // S7
      for (const orderId of new Set(warehouse.published.map((entry) => entry.orderId))) {
        const versions = warehouse.published.filter((entry) => entry.orderId === orderId).map((entry) => entry.version);
        expect(versions).toEqual(versions.map((_, index) => index + 1));
      }
    }),
    { numRuns: 500 },
  );
});

test('goods leave at most once per order, and never after a release that somebody asked for', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), (messages) => {
      const warehouse = emptyWarehouse();
      for (const each of messages) deliver(warehouse, each);
      for (const orderId of ['o1', 'o2', 'o3', 'o4']) {
        const events = warehouse.published.filter((entry) => entry.orderId === orderId).map(({ event }) => event);
        const committed = events.filter(({ type }) => type === 'committed');
        const released = events.filter((event) => event.type === 'released' && !event.expired);
        expect(committed.length).toBeLessThanOrEqual(1);
        expect(committed.length + released.length).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('a sale that is confirmed after its promise ran out takes what is free, or waits for more', () => {
  const warehouse = emptyWarehouse();
  const all = [{ sku: 'A', qty: 4 }];
  deliver(warehouse, { orderId: 'o1', type: 'reserve', lines: all });
  expect(deliver(warehouse, { orderId: 'o1', type: 'expire', lines: [] })).toBe('accept');
  expect(warehouse.stock.get('A')).toEqual({ sku: 'A', onHand: 5, reserved: 0 });
  deliver(warehouse, { orderId: 'o2', type: 'reserve', lines: [{ sku: 'A', qty: 2 }] });
  expect(deliver(warehouse, { orderId: 'o1', type: 'commit', lines: [] })).toBe('refuse');
  deliver(warehouse, { orderId: 'o2', type: 'release', lines: [] });
  expect(deliver(warehouse, { orderId: 'o1', type: 'commit', lines: [] })).toBe('accept');
  expect(warehouse.stock.get('A')).toEqual({ sku: 'A', onHand: 1, reserved: 0 });
  expect(deliver(warehouse, { orderId: 'o1', type: 'expire', lines: [] })).toBe('ignore');
});

test('a release before its reserve leaves a tombstone that refuses the late reserve', () => {
  const warehouse = emptyWarehouse();
  expect(deliver(warehouse, { orderId: 'o1', type: 'release', lines: [] })).toBe('accept');
  expect(warehouse.published[0]?.event).toMatchObject({ type: 'released', reservationId: null });
  expect(deliver(warehouse, { orderId: 'o1', type: 'reserve', lines: [{ sku: 'A', qty: 1 }] })).toBe('ignore');
  expect(warehouse.stock.get('A')?.reserved).toBe(0);
});

test('a commit before its reserve waits, and succeeds after it', () => {
  const warehouse = emptyWarehouse();
  expect(deliver(warehouse, { orderId: 'o1', type: 'commit', lines: [] })).toBe('wait');
  deliver(warehouse, { orderId: 'o1', type: 'reserve', lines: [{ sku: 'A', qty: 2 }] });
  expect(deliver(warehouse, { orderId: 'o1', type: 'commit', lines: [] })).toBe('accept');
  expect(warehouse.stock.get('A')).toEqual({ sku: 'A', onHand: 3, reserved: 0 });
});

test('one missing SKU rejects the whole basket and names every shortage', () => {
  const shortages = findShortages(
    [
      { sku: 'A', qty: 1 },
      { sku: 'C', qty: 2 },
      { sku: 'Z', qty: 1 },
    ],
    [
      { sku: 'A', onHand: 5, reserved: 0 },
      { sku: 'C', onHand: 3, reserved: 2 },
    ],
  );
  expect(shortages).toEqual([
    { sku: 'C', requested: 2, available: 1 },
    { sku: 'Z', requested: 1, available: 0 },
  ]);
});

test('a release after the goods have left is refused', () => {
  const committed: Reservation = { ...unknownOrder('o1'), state: 'committed', reservationId: 'r', version: 2 };
  expect(decide(committed, { type: 'release', reason: 'payment_failed' }).outcome).toBe('refuse');
});
