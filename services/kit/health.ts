/** One dependency's readiness: resolves when it answers, rejects with the reason when it does not. */
export type ReadinessCheck = (signal: AbortSignal) => Promise<unknown> | unknown;

export type ReadinessReport = {
  ready: boolean;
  checks: Record<string, { ok: boolean; durationMs: number; error?: string; optional?: true }>;
};

export type Health = {
  /** Adds a dependency that must answer before this process counts as ready; without an optional one it only shows. */
  addCheck(name: string, check: ReadinessCheck, options?: { optional: boolean }): void;
  /** From now on not ready: set first thing on shutdown, so that nobody sends more work. */
  drain(): void;
  /** Composition is complete; before that, never ready. */
  started(): void;
  /** Asks every dependency at once, each within `timeoutMs`. */
  report(timeoutMs?: number): Promise<ReadinessReport>;
};

export function createHealth(): Health {
  const checks = new Map<string, { check: ReadinessCheck; optional: boolean }>();
  let phase: 'starting' | 'serving' | 'draining' = 'starting';
  return {
    addCheck: (name, check, { optional } = { optional: false }) => {
      checks.set(name, { check, optional });
    },
    drain: () => {
      phase = 'draining';
    },
    started: () => {
      if (phase === 'starting') phase = 'serving';
    },
    async report(timeoutMs = 1_000) {
      const entries = await Promise.all(
        [...checks].map(async ([name, { check, optional }]): Promise<[string, Result]> => {
          const result = await runCheck(check, timeoutMs);
          return [name, optional ? { ...result, optional } : result];
        }),
      );
      entries.push([
        'lifecycle',
        { ok: phase === 'serving', durationMs: 0, ...(phase === 'serving' ? {} : { error: phase }) },
      ]);
      return { ready: entries.every(([, { ok, optional }]) => ok || optional), checks: Object.fromEntries(entries) };
    },
  };
}

type Result = ReadinessReport['checks'][string];

async function runCheck(check: ReadinessCheck, timeoutMs: number): Promise<Result> {
  const startedAt = performance.now();
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no answer within ${timeoutMs} ms`);
      deadline.abort(error);
      reject(error);
    }, timeoutMs);
  });
  try {
    await Promise.race([(async () => check(deadline.signal))(), late]);
    return { ok: true, durationMs: elapsedSince(startedAt) };
  } catch (error) {
    return { ok: false, durationMs: elapsedSince(startedAt), error: withCause(error) };
  } finally {
    clearTimeout(timer);
  }
}

function elapsedSince(startedAt: number): number {
  return Math.round(performance.now() - startedAt);
}

/** With the driver's own words, which callers are not told and operators need. */
function withCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== ''
    ? `${error.message}: ${error.cause.message}`
    : error.message;
}
