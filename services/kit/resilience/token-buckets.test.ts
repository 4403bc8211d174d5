import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { startValkey, type TestValkey, valkeyProgram, withoutValkey } from '#tests/support/valkey.ts';
import { testService } from '../testing/service.ts';
import { createSharedBuckets } from '../valkey/token-buckets.ts';
import { openValkey } from '../valkey/valkey.ts';
import { createLocalBuckets, type TokenBuckets } from './token-buckets.ts';

const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

let server: Promise<TestValkey> | undefined;
/** One server for this file; each call is one more replica that connects to it. */
async function replica() {
  server ??= startValkey().then((started) => {
    stops.unshift(started.kill);
    return started;
  });
  const { url } = await server;
  const { service, stop } = testService({});
  stops.push(stop);
  const valkey = await openValkey(service, { url, timeoutMs: 10_000 });
  await expect
    .poll(async () => (await service.health.report()).checks.valkey, { timeout: 30_000 })
    .toMatchObject({
      ok: true,
    });
  return { valkey, buckets: createSharedBuckets(valkey) };
}

let keys = 0;
const someKey = () => `test:${keys++}`;
/** Refills so slowly that no test sees it. */
const still = (burst: number) => ({ ratePerSecond: 0.001, burst });

const kinds: [string, boolean, () => Promise<TokenBuckets>][] = [
  ['in this process', true, async () => createLocalBuckets(() => performance.now())],
  [
    valkeyProgram === null ? `in Valkey: ${withoutValkey}` : 'in Valkey',
    valkeyProgram !== null,
    async () => (await replica()).buckets,
  ],
];

describe.each(kinds)('buckets %s', (_, there, open) => {
  test.runIf(there)('a new one is full; an empty one says when to come back', async () => {
    const buckets = await open();
    const key = someKey();
    for (const remaining of [2, 1]) {
      expect(await buckets.take(key, still(3))).toEqual({ admitted: true, remaining, nextInMs: 0 });
    }
    expect(await buckets.take(key, still(3))).toMatchObject({ admitted: true, remaining: 0 });
    const refused = await buckets.take(key, still(3));
    expect(refused).toMatchObject({ admitted: false, remaining: 0 });
    expect(refused.nextInMs).toBeGreaterThan(900_000);
    expect(refused.nextInMs).toBeLessThanOrEqual(1_000_000);
  });

  test.runIf(there)('each key has its own', async () => {
    const buckets = await open();
    const [mine, yours] = [someKey(), someKey()];
    expect((await buckets.take(mine, still(1))).admitted).toBe(true);
    expect((await buckets.take(mine, still(1))).admitted).toBe(false);
    expect((await buckets.take(yours, still(1))).admitted).toBe(true);
  });

  test.runIf(there)('of many that come together exactly the burst gets in', async () => {
    const buckets = await open();
    const key = someKey();
    const takings = await Promise.all(Array.from({ length: 100 }, () => buckets.take(key, still(10))));
    expect(takings.filter(({ admitted }) => admitted)).toHaveLength(10);
  });

  test.runIf(there)('over any time never admits more than rate × time + burst, and goes on admitting', async () => {
    const buckets = await open();
    const key = someKey();
    const limit = { ratePerSecond: 100, burst: 5 };
    const startedAt = performance.now();
    let admitted = 0;
    let refused = 0;
    while (admitted < 12 || refused === 0) {
      const taking = await buckets.take(key, limit);
      const elapsedMs = performance.now() - startedAt;
      if (taking.admitted) admitted += 1;
      else {
        refused += 1;
        expect(taking.nextInMs).toBeGreaterThan(0);
        expect(taking.nextInMs).toBeLessThanOrEqual(10);
        await sleep(taking.nextInMs);
      }
      expect(admitted).toBeLessThanOrEqual(limit.burst + (elapsedMs / 1_000) * limit.ratePerSecond + 1);
      if (elapsedMs > 10_000) throw new Error(`${admitted} admitted and ${refused} refused within 10 s`);
    }
  });

  test.runIf(there)('a limit that was lowered holds for buckets that are fuller', async () => {
    const buckets = await open();
    const key = someKey();
    await buckets.take(key, still(10));
    expect(await buckets.take(key, still(2))).toMatchObject({ admitted: true, remaining: 1 });
  });
});

test('in this process memory stays bounded, and no exhausted caller is forgotten while full ones can go', async () => {
  let now = 0;
  const buckets = createLocalBuckets(() => now);
  const limit = { ratePerSecond: 1, burst: 1 };
  for (let count = 0; count < 9_999; count += 1) await buckets.take(`10.${count}`, limit);
  now = 5_000;
  await buckets.take('greedy', limit);
  await buckets.take('late', limit);
  expect((await buckets.take('greedy', limit)).admitted).toBe(false);
});

describe.runIf(valkeyProgram !== null)('buckets in Valkey', () => {
  test('replicas share them', async () => {
    const [one, other] = [await replica(), await replica()];
    const key = someKey();
    const takings = await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 ? one : other).buckets.take(key, still(10))),
    );
    expect(takings.filter(({ admitted }) => admitted)).toHaveLength(10);
  });

  test('a server that has forgotten the script is given it again', async () => {
    const { valkey, buckets } = await replica();
    const key = someKey();
    await buckets.take(key, still(2));
    await valkey.send('SCRIPT', 'FLUSH', 'SYNC');
    expect(await buckets.take(key, still(2))).toMatchObject({ admitted: true, remaining: 0 });
  });

  test('a bucket is forgotten once it would be full again', async () => {
    const { valkey, buckets } = await replica();
    const key = someKey();
    await buckets.take(key, { ratePerSecond: 0.1, burst: 3 });
    const leftMs = Number(await valkey.send('PTTL', `orrery:bucket:${key}`));
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(11_000);
  });
});
