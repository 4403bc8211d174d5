import { afterEach, describe, expect, test } from 'vitest';
import { testService } from '#kit/testing/service.ts';
import { freePort } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { startValkey, valkeyProgram } from '#tests/support/valkey.ts';
import { openBuckets } from './open-buckets.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const still = (burst: number) => ({ ratePerSecond: 0.001, burst });

async function open(url: string | undefined) {
  const lines: string[] = [];
  const { service, stop } = testService({ CACHE_URL: url }, { name: 'gateway', logLines: (line) => lines.push(line) });
  stops.push(stop);
  const buckets = await openBuckets(service);
  const facts = async (pattern: string, part: string) =>
    (await service.patterns.list())
      .find((status) => status.pattern === pattern)
      ?.parts.find(({ name }) => name === part)?.facts;
  return {
    service,
    buckets,
    lines,
    breaker: async () => (await facts('circuit-breaker', 'valkey'))?.state,
    counts: async () => (await facts('fallback', 'rate limit over all replicas')) as Record<string, number>,
  };
}

/** Takes `count` tokens one after the other; how many were admitted, and how long it took. */
async function take(buckets: Awaited<ReturnType<typeof open>>['buckets'], key: string, burst: number, count: number) {
  const startedAt = performance.now();
  let admitted = 0;
  for (let taken = 0; taken < count; taken += 1) if ((await buckets.take(key, still(burst))).admitted) admitted += 1;
  return { admitted, elapsedMs: performance.now() - startedAt };
}

test('without CACHE_URL this process counts by itself, and nothing is loaded or connected', async () => {
  const { service, buckets } = await open(undefined);
  expect((await take(buckets, 'ada', 2, 4)).admitted).toBe(2);
  expect((await service.health.report()).checks).not.toHaveProperty('valkey');
});

test('while nobody is there it limits all the same, says so once, stays ready, and costs next to nothing', async () => {
  const { service, buckets, lines, breaker, counts } = await open(`redis://127.0.0.1:${await freePort()}`);
  expect((await take(buckets, 'ada', 2, 10)).admitted).toBe(2);
  expect(await breaker()).toBe('open');
  expect(await counts()).toEqual({ best: 0, substituted: 10 });
  const { elapsedMs } = await take(buckets, 'ada', 2, 200);
  // 200 timeouts would be 10 s.
  expect(elapsedMs).toBeLessThan(2_000);
  await until('the loss is said', () => lines.find((line) => line.includes('valkey cannot be reached')) ?? null);
  expect(lines.filter((line) => line.includes('valkey cannot be reached'))).toHaveLength(1);
  expect(await service.health.report()).toMatchObject({
    ready: true,
    checks: { valkey: { ok: false, optional: true } },
  });
});

test('with the fallback switched off a caller is told that limits cannot be judged', async () => {
  const { service, buckets } = await open(`redis://127.0.0.1:${await freePort()}`);
  await service.patterns.set('fallback', false);
  await expect(buckets.take('ada', still(2))).rejects.toMatchObject({ code: 'unavailable' });
});

describe.runIf(valkeyProgram !== null)('with a Valkey', () => {
  async function openWith(args: readonly string[] = [], login = '') {
    const valkey = await startValkey(args);
    stops.push(valkey.kill);
    const opened = await open(valkey.url.replace('//', `//${login}`));
    return { valkey, ...opened };
  }
  const isAsked = (counts: () => Promise<Record<string, number>>, buckets: { take: unknown }) =>
    until('valkey is asked', async () => {
      const before = (await counts()).best ?? 0;
      await (buckets as Awaited<ReturnType<typeof open>>['buckets']).take('probe', still(1_000_000));
      return ((await counts()).best ?? 0) > before ? true : null;
    });

  test('one that hangs is left alone after a few tries, and asked again when it is back', async () => {
    const { valkey, buckets, breaker, counts } = await openWith();
    await isAsked(counts, buckets);
    valkey.pause();
    await until('the breaker opens', async () => {
      await take(buckets, 'ada', 5, 1);
      return (await breaker()) === 'open' ? true : null;
    });
    const { elapsedMs } = await take(buckets, 'ada', 5, 200);
    expect(elapsedMs).toBeLessThan(2_000);
    expect((await take(buckets, 'ada', 5, 1)).admitted).toBe(0);
    valkey.resume();
    await isAsked(counts, buckets);
  });

  test('one that was killed and comes back empty is used again', async () => {
    const { valkey, buckets, counts } = await openWith();
    await isAsked(counts, buckets);
    await valkey.kill();
    expect((await take(buckets, 'ada', 3, 6)).admitted).toBe(3);
    await valkey.start();
    await isAsked(counts, buckets);
  });

  test('a login that may not do it is a failure like any other, and its password is in no log', async () => {
    const { buckets, lines, breaker } = await openWith(['--requirepass', 'right-one'], 'default:wrong-one@');
    expect((await take(buckets, 'ada', 2, 10)).admitted).toBe(2);
    expect(await breaker()).toBe('open');
    await until('it is said', () => lines.find((line) => /WRONGPASS/.test(line)) ?? null);
    expect(lines.join('\n')).not.toMatch(/wrong-one|right-one/);
  });
});
