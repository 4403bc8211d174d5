import { AppError, Problem } from '#contracts/errors.ts';
import { attributes } from '#contracts/telemetry/attributes.ts';
import { TraceSearchResult } from '#contracts/telemetry/query.ts';

/** Enough to see that it bites, and how much: whoever wants all of them searches for them. */
const mostCounted = 100;
const timeoutMs = 4_000;
/** Faults are asked for their hits several times a second, and a search is not free. */
const keptMs = 3_000;
/** A trace that began so long before its fault has not ended by now. */
const marginMs = 60_000;
/** A fault lasts a quarter of an hour at most. */
const longestMs = 20 * 60_000;

/** How many traces a fault has touched, a hundred at most, by the marks of the telemetry store. Rejects while it is away or refuses. */
export function createTouchedTraces(url: string, token: string): (faultId: string) => Promise<number> {
  const kept = new Map<string, { firstMs: number; atMs: number; count: number }>();

  async function count(faultId: string, fromMs: number): Promise<number> {
    const response = await fetch(`${url}/api/traces/search`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        range: { fromMs, toMs: null },
        filter: { conditions: [{ field: attributes.chaosFaultId, op: 'eq', value: faultId }] },
        limit: mostCounted,
        // Tempo does not hold these marks: those among the newest traces are better than none.
        partial: true,
      }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw await refusal(response);
    return TraceSearchResult.parse(await response.json()).traces.length;
  }

  return async (faultId) => {
    const nowMs = Date.now();
    const known = kept.get(faultId);
    if (known !== undefined && nowMs - known.atMs < keptMs) return known.count;
    for (const [id, { firstMs }] of kept) if (nowMs - firstMs > longestMs) kept.delete(id);
    // It is first asked for when it has just been armed.
    const firstMs = known?.firstMs ?? nowMs;
    const found = await count(faultId, firstMs - marginMs);
    kept.set(faultId, { firstMs, atMs: nowMs, count: found });
    return found;
  };
}

async function refusal(response: Response): Promise<AppError> {
  const detail = Problem.safeParse(await response.json().catch(() => null)).data?.detail ?? 'it does not say why';
  return new AppError(
    'unavailable',
    `the telemetry store answers ${response.status} to a search for traces: ${detail}`,
  );
}
