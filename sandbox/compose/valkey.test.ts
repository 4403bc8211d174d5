import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient } from '@redis/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testService } from '#kit/testing/service.ts';
import { createSharedBuckets } from '#kit/valkey/token-buckets.ts';
import { openValkey } from '#kit/valkey/valkey.ts';
import { openPriceCache } from '#services/pricing/price-cache.ts';
import { startValkey, type TestValkey, valkeyProgram, withoutValkey } from '#tests/support/valkey.ts';
import { secretFile } from './secret-files.ts';
import { accessList, aclFile, cacheUrl, valkey } from './valkey.ts';

const secrets = { cachePassword: 'not-so-secret' };
const title = valkeyProgram === null ? `the container's command: ${withoutValkey}` : "the container's command";

describe.runIf(valkeyProgram !== null)(title, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'orrery-valkey-'));
  const stops: (() => Promise<void>)[] = [];
  let server: TestValkey;
  const url = () => cacheUrl(secrets).replace('valkey:6379', `127.0.0.1:${server.port}`);

  beforeAll(async () => {
    const file = path.join(folder, aclFile);
    writeFileSync(file, accessList(secrets));
    const [, ...args] = valkey().command ?? [];
    server = await startValkey(args.map((argument) => (argument === secretFile(aclFile) ? file : argument)));
  }, 60_000);
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function connect(address: string) {
    const client = createClient({ url: address, disableClientInfo: true, maintNotifications: 'disabled' });
    client.on('error', () => {});
    await client.connect();
    stops.push(async () => client.destroy());
    return client;
  }

  test('a service may do what it does there', async () => {
    const { service, stop } = testService({ CACHE_URL: url(), PRICE_CACHE_TTL_MS: 60_000 }, { name: 'gateway' });
    stops.push(stop);
    const shared = await openValkey(service, { url: url(), timeoutMs: 10_000 });
    await expect.poll(async () => (await service.health.report()).checks.valkey?.ok, { timeout: 30_000 }).toBe(true);
    const limit = { ratePerSecond: 0.001, burst: 1 };
    const buckets = createSharedBuckets(shared);
    expect((await buckets.take('ada', limit)).admitted).toBe(true);
    expect((await buckets.take('ada', limit)).admitted).toBe(false);

    const prices = await openPriceCache(service, async () => new Map(), { timeoutMs: 10_000 });
    await expect.poll(async () => (await service.health.report()).checks.valkey?.ok, { timeout: 30_000 }).toBe(true);
    await prices.get(new AbortController().signal);
    await expect.poll(() => shared.send('PTTL', 'orrery:price-list:v1'), { timeout: 30_000 }).toBeGreaterThan(0);
  });

  test('and nothing else', async () => {
    const client = await connect(url());
    for (const words of [['KEYS', '*'], ['FLUSHALL'], ['CONFIG', 'GET', '*'], ['ACL', 'LIST'], ['GET', 'foreign']]) {
      await expect(client.sendCommand(words), words.join(' ')).rejects.toThrow('NOPERM');
    }
  });

  test('a stranger learns that it is there, and no more; a wrong password is refused', async () => {
    const address = `redis://127.0.0.1:${server.port}`;
    const stranger = await connect(address);
    expect(await stranger.sendCommand(['PING'])).toBe('PONG');
    for (const words of [['GET', 'orrery:price-list:v1'], ['INFO'], ['EVAL', 'return 1', '0']]) {
      await expect(stranger.sendCommand(words), words.join(' ')).rejects.toThrow('NOPERM');
    }
    await expect(stranger.sendCommand(['AUTH', 'orrery', 'wrong'])).rejects.toThrow('WRONGPASS');
  });
});
