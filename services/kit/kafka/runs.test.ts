import { expect, test } from 'vitest';
import type { PreparedHandler } from './handlers.ts';
import { handlerTable } from './handlers.ts';
import type { Delivery, Incoming } from './incoming.ts';
import { cutIntoRuns } from './runs.ts';

const handlers = handlerTable({
  'order.created': { prepare: async () => 1, apply: async () => {} },
  'order.confirmed': async () => {},
});

let nextOffset = 0;
function delivery(key: string, name: 'order.created' | 'order.confirmed', id = `m${nextOffset}`): Delivery {
  const handler = handlers.get(name) as PreparedHandler<never>;
  return { kind: 'delivery', offset: String(nextOffset++), key, handler, event: { metadata: { id } } } as Delivery;
}
const skipped = (): Incoming => ({ kind: 'skipped', offset: String(nextOffset++) });
const unreadable = (): Incoming => ({ kind: 'invalid', offset: String(nextOffset++), key: 'k' }) as Incoming;

const shape = (fetched: Incoming[]) =>
  cutIntoRuns(fetched).map(({ deliveries, unreadable: bad }) =>
    bad === null ? deliveries.length : `${deliveries.length}+bad`,
  );

test('what was fetched is one run, up to its last record, also when nobody cares about that one', () => {
  const fetched = [
    delivery('a', 'order.created'),
    delivery('b', 'order.created'),
    delivery('a', 'order.confirmed'),
    skipped(),
  ];
  expect(cutIntoRuns(fetched)).toEqual([
    { deliveries: fetched.slice(0, 3), unreadable: null, lastOffset: fetched[3]?.offset },
  ]);
});

test('a message that asks somebody waits for the earlier ones of its key', () => {
  expect(
    shape([delivery('a', 'order.confirmed'), delivery('b', 'order.created'), delivery('a', 'order.created')]),
  ).toEqual([2, 1]);
});

test('a second copy of a message waits for the first', () => {
  expect(shape([delivery('a', 'order.confirmed', 'same'), delivery('a', 'order.confirmed', 'same')])).toEqual([1, 1]);
});

test('a record that nobody can read comes after those before it', () => {
  expect(shape([delivery('a', 'order.created'), unreadable(), delivery('b', 'order.created')])).toEqual(['1+bad', 1]);
});

test('a long backlog is cut, so that its offsets get on', () => {
  expect(shape(Array.from({ length: 250 }, (_, n) => delivery(`k${n}`, 'order.created')))).toEqual([100, 100, 50]);
});

test('nothing fetched, nothing to do; only skipped, an offset to remember', () => {
  expect(cutIntoRuns([])).toEqual([]);
  expect(shape([skipped(), skipped()])).toEqual([0]);
});
