import { expect, test } from 'vitest';
import { watch } from './watch.ts';

async function collect(answers: readonly unknown[]): Promise<unknown[]> {
  const stop = new AbortController();
  const left = [...answers];
  const read = async () => {
    if (left.length === 1) stop.abort();
    return left.shift();
  };
  const seen: unknown[] = [];
  for await (const value of watch(stop.signal, { read, everyMs: 1 })) seen.push(value);
  return seen;
}

test('an answer is told once, and again only when it differs', async () => {
  expect(await collect([{ a: 1 }, { a: 1 }, { a: 2 }, { a: 2 }, { a: 1 }])).toEqual([{ a: 1 }, { a: 2 }, { a: 1 }]);
});

test('what the source throws ends the stream', async () => {
  const read = () => Promise.reject(new Error('down'));
  await expect(watch(new AbortController().signal, { read, everyMs: 1 }).next()).rejects.toThrow('down');
});
