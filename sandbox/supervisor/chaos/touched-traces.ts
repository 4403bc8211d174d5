import { attributes } from '#contracts/telemetry/attributes.ts';
import { TraceSearchResult } from '#contracts/telemetry/query.ts';

const mostCounted = 500;
const timeoutMs = 2_000;
/** Faults are asked for their hits several times a second. */
const keptMs = 2_000;
/** A fault lasts a quarter of an hour at most, and traces come a moment after it. */
const longestMs = 20 * 60_000;

/** How many traces a fault has touched, by the marks of the telemetry store. Rejects while it is away. */
export function createTouchedTraces(url: string, token: string): (faultId: string) => Promise<number> {
  const kept = new Map<string, { atMs: number; count: number }>();

  async function count(faultId: string): Promise<number> {
    const response = await fetch(`${url}/api/traces/search`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        range: { fromMs: Date.now() - longestMs, toMs: null },
        filter: { conditions: [{ field: attributes.chaosFaultId, op: 'eq', value: faultId }] },
        limit: mostCounted,
      }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return TraceSearchResult.parse(await response.json()).traces.length;
  }

  return async (faultId) => {
    const nowMs = Date.now();
    const known = kept.get(faultId);
    if (known !== undefined && nowMs - known.atMs < keptMs) return known.count;
    for (const [id, { atMs }] of kept) if (nowMs - atMs > keptMs) kept.delete(id);
    const now = { atMs: nowMs, count: await count(faultId) };
    kept.set(faultId, now);
    return now.count;
  };
}
