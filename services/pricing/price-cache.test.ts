import { afterEach, describe, expect, test } from 'vitest';
import { testService } from '#kit/testing/service.ts';
import { openValkey } from '#kit/valkey/valkey.ts';
import { freePort } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { startValkey, type TestValkey, valkeyProgram } from '#tests/support/valkey.ts';
import type { PriceList } from './basket.ts';
import { openPriceCache } from './price-cache.ts';

const never = new AbortController().signal;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A replica whose database says a higher price each time it is asked. */
async function replica(database: { loads: number }, url: string | undefined, ttlMs = 60_000) {
  const { service, stop } = testService({ CACHE_URL: url, PRICE_CACHE_TTL_MS: ttlMs });
  stops.push(stop);
  const load = async (): Promise<PriceList> => {
    database.loads += 1;
    const price = { amountMinor: database.loads, currency: 'EUR' as const };
    return new Map([['LAMP-001', { sku: 'LAMP-001', name: 'Lamp', version: 1, price }]]);
  };
  const cache = await openPriceCache(service, load, { timeoutMs: 10_000 });
  const price = async () => (await cache.get(never)).get('LAMP-001')?.price.amountMinor;
  return { cache, price, service };
}

test.each([
  ['without CACHE_URL', async () => undefined],
  ['while nobody is there', async () => `redis://127.0.0.1:${await freePort()}`],
])('%s each replica reads the database, once per time to live', async (_, url) => {
  const database = { loads: 0 };
  const [one, other] = [await replica(database, await url()), await replica(database, await url())];
  expect([await one.price(), await one.price(), await other.price()]).toEqual([1, 1, 2]);
});

describe.runIf(valkeyProgram !== null)('with a Valkey', () => {
  async function start(): Promise<TestValkey> {
    const valkey = await startValkey();
    stops.push(valkey.kill);
    return valkey;
  }
  const connected = ({ service }: Awaited<ReturnType<typeof replica>>) =>
    until('connected', async () => ((await service.health.report()).checks.valkey?.ok ? true : null));
  async function client(url: string) {
    const { service, stop } = testService({});
    stops.push(stop);
    const valkey = await openValkey(service, { url, timeoutMs: 10_000 });
    await until('connected', async () => ((await service.health.report()).checks.valkey?.ok ? true : null));
    return valkey;
  }

  test('what one has loaded the others use, for what is left of its time and no longer', async () => {
    const { url } = await start();
    const database = { loads: 0 };
    const one = await replica(database, url);
    await connected(one);
    const valkey = await client(url);
    await until('it is shared', async () => {
      const price = await one.price();
      return price !== undefined && (await valkey.send('EXISTS', 'orrery:price-list:v1')) === 1 ? true : null;
    });
    const { loads } = database;
    const leftMs = Number(await valkey.send('PTTL', 'orrery:price-list:v1'));
    expect(leftMs).toBeLessThanOrEqual(60_000);
    // As if it had been loaded 50 s ago.
    await valkey.send('PEXPIRE', 'orrery:price-list:v1', '10000');
    const other = await replica(database, url);
    await connected(other);
    expect(await other.price()).toBe(await one.price());
    expect(database.loads).toBe(loads);
    expect(other.cache.ageMs()).toBeGreaterThanOrEqual(50_000);
  });

  test('what another version left there is not used', async () => {
    const { url } = await start();
    const valkey = await client(url);
    await valkey.send('SET', 'orrery:price-list:v1', '[{"sku":"LAMP-001","price":5}]', 'PX', '60000');
    const database = { loads: 0 };
    const one = await replica(database, url);
    await connected(one);
    expect(await one.price()).toBe(1);
  });

  test('a value whose time to live is over before it is written is kept for nobody', async () => {
    const { url } = await start();
    const valkey = await client(url);
    const database = { loads: 0 };
    const one = await replica(database, url, 1);
    await connected(one);
    const first = (await one.price()) ?? 0;
    await until('it is loaded anew', async () => (((await one.price()) ?? 0) > first ? true : null));
    await until('nothing is left', async () =>
      (await valkey.send('EXISTS', 'orrery:price-list:v1')) === 0 ? true : null,
    );
  });
});
