import { expect, test } from 'vitest';
import { AppError } from '#contracts/errors.ts';
import { mergeLive, type SourceState } from './merge-live.ts';

type Item = { kind: 'item'; id: string; value: number };
const item = (id: string, value: number): Item => ({ kind: 'item', id, value });
const keyOf = ({ id }: Item) => id;

/** A source that gives its items and then waits for the end, as a live one does. */
function source(name: string, ...items: Item[]) {
  return {
    name,
    async *open(signal: AbortSignal) {
      yield* items;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
  };
}

async function collect(
  stream: AsyncGenerator<(Item | SourceState)[]>,
  until: (all: (Item | SourceState)[]) => boolean,
) {
  const all: (Item | SourceState)[] = [];
  for await (const batch of stream) {
    all.push(...batch);
    if (until(all)) break;
  }
  return all;
}

test('items of several sources arrive in one stream', async () => {
  const stream = mergeLive(AbortSignal.timeout(5000), [source('a', item('x', 1)), source('b', item('y', 2))], {
    keyOf,
  });
  const all = await collect(stream, ({ length }) => length === 4);
  expect(all).toEqual(expect.arrayContaining([item('x', 1), item('y', 2)]));
});

test('a source says that it is open before anything else, and once: what is read after that misses nothing', async () => {
  const silent = {
    name: 'silent',
    async *open(signal: AbortSignal, onOpen: () => void): AsyncGenerator<Item> {
      onOpen();
      yield* source('silent').open(signal);
    },
  };
  const stream = mergeLive(AbortSignal.timeout(5000), [silent, source('a', item('x', 1), item('y', 2))], { keyOf });
  const all = await collect(stream, ({ length }) => length === 4);
  expect(all).toContainEqual({ kind: 'source', source: 'silent', down: null });
  const ofA = all.filter((one) => one.kind === 'item' || one.source === 'a');
  expect(ofA).toEqual([{ kind: 'source', source: 'a', down: null }, item('x', 1), item('y', 2)]);
});

test('what changes faster than a batch arrives once, at its newest', async () => {
  const items = Array.from({ length: 500 }, (_, value) => item('x', value));
  const stream = mergeLive(AbortSignal.timeout(5000), [source('a', ...items)], { keyOf, everyMs: 10 });
  const all = await collect(stream, (seen) => (seen.at(-1) as Item).value === 499);
  expect(all.length).toBeLessThan(10);
});

test('a source that fails is reported and reopened, while the others go on', async () => {
  let opened = 0;
  const flaky = {
    name: 'flaky',
    async *open(signal: AbortSignal, onOpen: () => void): AsyncGenerator<Item> {
      if (++opened === 1) throw new AppError('unavailable', 'flaky does not answer');
      onOpen();
      yield* source('flaky', item('z', 3)).open(signal);
    },
  };
  const stream = mergeLive(AbortSignal.timeout(5000), [flaky, source('a', item('x', 1))], {
    keyOf,
    everyMs: 1,
    retryMs: [1],
  });
  const all = await collect(stream, (seen) => seen.some((one) => one.kind === 'item' && one.id === 'z'));
  expect(all).toContainEqual(item('x', 1));
  expect(all).toContainEqual({ kind: 'source', source: 'flaky', down: 'flaky does not answer' });
  expect(all).toContainEqual({ kind: 'source', source: 'flaky', down: null });
});

test('leaving ends every source', async () => {
  const abort = new AbortController();
  let ended = 0;
  const held = {
    name: 'held',
    async *open(signal: AbortSignal): AsyncGenerator<Item> {
      try {
        yield* source('held', item('x', 1)).open(signal);
      } finally {
        ended++;
      }
    },
  };
  const stream = mergeLive(abort.signal, [held, held], { keyOf, everyMs: 1 });
  await stream.next();
  abort.abort();
  expect((await stream.next()).done).toBe(true);
  expect(ended).toBe(2);
});
