import { type BucketLimit, takingOf } from '../resilience/token-bucket.ts';
import type { TokenBuckets } from '../resilience/token-buckets.ts';
import type { Script, Valkey } from './valkey.ts';

/**
 * `takeToken` of resilience/token-bucket.ts, on the server: by its clock, so that replicas need not agree on the time,
 * and in one step, so that two of them never take the same token. A bucket lives until it would be full again.
 */
const takeScript: Script = {
  source: `
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local tokens, at = tonumber(kept[1] or burst), tonumber(kept[2] or now)
tokens = math.min(burst, tokens + math.max(0, now - at) / 1000 * rate)
local admitted = 0
if tokens >= 1 - 1e-9 then
  admitted = 1
  tokens = math.max(0, tokens - 1)
end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens), 'at', string.format('%.17g', math.max(at, now)))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / rate * 1000) + 1000)
return {admitted, string.format('%.17g', tokens)}
`,
};

/** Buckets that every replica shares. Throws what Valkey throws. */
export function createSharedBuckets(valkey: Valkey): TokenBuckets {
  return {
    async take(key, limit: BucketLimit) {
      const answer = await valkey.run(
        takeScript,
        [`orrery:bucket:${key}`],
        [String(limit.ratePerSecond), String(limit.burst)],
      );
      const [admitted, tokens] = answer as [number, string];
      return takingOf(admitted === 1, Number(tokens), limit);
    },
  };
}
