import { z } from 'zod';
import { Money } from '#contracts/money.ts';
import { createFallback } from '#kit/resilience/fallback.ts';
import type { Service } from '#kit/service.ts';
import { createSharedValue } from '#kit/valkey/shared-value.ts';
import { openValkey, type ValkeyOptions } from '#kit/valkey/valkey.ts';
import type { PriceList } from './basket.ts';
import { createTtlCache, type TtlCache } from './ttl-cache.ts';

/** Named after the shape of what is kept: replicas of another version keep their own. */
const key = 'orrery:price-list:v1';
const Kept = z.array(z.object({ sku: z.string(), name: z.string(), version: z.int(), price: Money }));

export type PriceCacheEnv = { CACHE_URL?: string | undefined; PRICE_CACHE_TTL_MS: number };

/**
 * The price list of this process, at most PRICE_CACHE_TTL_MS old. With CACHE_URL replicas load it for each other through
 * Valkey; while that does not answer, and without it, each reads the database by itself.
 */
export async function openPriceCache(
  service: Service<PriceCacheEnv>,
  load: () => Promise<PriceList>,
  options: Pick<ValkeyOptions, 'timeoutMs'> = {},
): Promise<TtlCache<PriceList>> {
  const { env, log, patterns } = service;
  const cacheWith = (loadAged: () => Promise<{ value: PriceList; ageMs: number }>) =>
    createTtlCache({ ttlMs: env.PRICE_CACHE_TTL_MS, now: () => performance.now(), load: loadAged });
  if (env.CACHE_URL === undefined) return cacheWith(async () => ({ value: await load(), ageMs: 0 }));
  const shared = createSharedValue<PriceList>({
    valkey: await openValkey(service, { url: env.CACHE_URL, ...options }),
    key,
    ttlMs: env.PRICE_CACHE_TTL_MS,
    encode: (prices) => JSON.stringify([...prices.values()]),
    decode: (text) => new Map(Kept.parse(JSON.parse(text)).map((price) => [price.sku, price])),
    fallback: createFallback(patterns, {
      name: 'price list of another replica',
      description: 'While Valkey does not answer, prices are read from the database.',
    }),
    onError: (error) => log.warn({ error }, 'price list is not shared'),
  });
  return cacheWith(() => shared.through(load));
}
