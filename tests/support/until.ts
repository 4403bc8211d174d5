/**
 * Waits until `probe` returns something other than null, asking every `everyMs`. Throws after `withinMs` with what was
 * waited for and the last error, so a test that hangs says why.
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | null> | T | null,
  { withinMs = 30_000, everyMs = 50 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  let lastError: unknown = null;
  while (performance.now() < deadline) {
    try {
      const value = await probe();
      if (value !== null) return value;
      lastError = null;
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  throw new Error(`not within ${withinMs} ms: ${what}${lastError ? ` (last: ${String(lastError)})` : ''}`, {
    cause: lastError,
  });
}
