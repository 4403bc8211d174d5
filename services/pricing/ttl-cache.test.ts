import { expect, test } from 'vitest';
import { createTtlCache } from './ttl-cache.ts';

const never = new AbortController().signal;

function counted(ttlMs: number) {
  let nowMs = 0;
  let loads = 0;
  const cache = createTtlCache({ ttlMs, now: () => nowMs, load: async () => ({ value: ++loads, ageMs: 0 }) });
  return {
    cache,
    advance: (ms: number) => {
      nowMs += ms;
    },
    loads: () => loads,
  };
}

test('loads once for many that ask together', async () => {
  const { cache, loads } = counted(1000);
  expect(await Promise.all(Array.from({ length: 50 }, () => cache.get(never)))).toEqual(Array(50).fill(1));
  expect(loads()).toBe(1);
});

test('never returns a value older than its time to live', async () => {
  const { cache, advance } = counted(1000);
  expect(await cache.get(never)).toBe(1);
  advance(999);
  expect(await cache.get(never)).toBe(1);
  advance(1);
  expect(await cache.get(never)).toBe(2);
});

test('a value that was old when it came is used for what is left of its time', async () => {
  let nowMs = 0;
  const ages = [700, 0];
  const load = async () => ({ value: ages.length, ageMs: ages.shift() ?? 0 });
  const cache = createTtlCache({ ttlMs: 1000, now: () => nowMs, load });
  expect(await cache.get(never)).toBe(2);
  nowMs = 299;
  expect(await cache.get(never)).toBe(2);
  expect(cache.ageMs()).toBe(999);
  nowMs = 300;
  expect(await cache.get(never)).toBe(1);
});

test('a failed load is not remembered', async () => {
  let fail = true;
  const cache = createTtlCache({
    ttlMs: 1000,
    now: () => 0,
    load: async () => {
      if (fail) throw new Error('database down');
      return { value: 'prices', ageMs: 0 };
    },
  });
  await expect(cache.get(never)).rejects.toThrow('database down');
  fail = false;
  expect(await cache.get(never)).toBe('prices');
});

test('one caller that gives up does not take the load from the others', async () => {
  let finish = (_: { value: string; ageMs: number }) => {};
  const load = () => new Promise<{ value: string; ageMs: number }>((resolve) => (finish = resolve));
  const cache = createTtlCache({ ttlMs: 1000, now: () => 0, load });
  const impatient = new AbortController();
  const first = cache.get(impatient.signal);
  const second = cache.get(never);
  impatient.abort(new Error('deadline'));
  await expect(first).rejects.toThrow('deadline');
  finish({ value: 'prices', ageMs: 0 });
  expect(await second).toBe('prices');
});
