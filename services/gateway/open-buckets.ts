import { createFallback } from '#kit/resilience/fallback.ts';
import { createLocalBuckets, type TokenBuckets } from '#kit/resilience/token-buckets.ts';
import type { Service } from '#kit/service.ts';
import { createSharedBuckets } from '#kit/valkey/token-buckets.ts';
import { openValkey } from '#kit/valkey/valkey.ts';

/**
 * Where callers are counted: in Valkey, for all replicas of the gateway together, when CACHE_URL says where it is; else
 * in this process. While Valkey does not answer, each replica counts by itself: a limit that is that much too generous
 * for a while is better than none, and better than an edge that turns everybody away because a convenience is gone.
 */
export async function openBuckets(service: Service<{ CACHE_URL?: string | undefined }>): Promise<TokenBuckets> {
  const local = createLocalBuckets(() => performance.now());
  const url = service.env.CACHE_URL;
  if (url === undefined) return local;
  const shared = createSharedBuckets(await openValkey(service, { url }));
  const fallback = createFallback(service.patterns, {
    name: 'rate limit over all replicas',
    description: 'While Valkey does not answer, each replica limits its callers by itself.',
  });
  return {
    take: async (key, limit) =>
      fallback.run(
        () => shared.take(key, limit),
        () => local.take(key, limit),
      ),
  };
}
