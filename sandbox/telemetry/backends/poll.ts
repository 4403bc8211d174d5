import type { Listener } from '../api/answers.ts';

/** How often each kind of news is asked for, milliseconds. */
export type Paces = { logs: number; spans: number; traces: number; red: number };

/** Modest: what is counted every 15 s need not be asked for every second. */
export const paces: Paces = { logs: 1000, spans: 1000, traces: 2000, red: 5000 };

/**
 * Runs `round` every so often, one at a time, until it is stopped; what it returns is sent. The
 * first round that throws ends it: the reader opens anew, and is told why it cannot.
 */
export function poll<T>(
  everyMs: number,
  round: (signal: AbortSignal) => Promise<readonly T[]>,
  to: Listener<T>,
): () => void {
  const stopped = new AbortController();
  const run = async (): Promise<void> => {
    try {
      for (const data of await round(stopped.signal)) if (!stopped.signal.aborted) await to.send(data);
    } catch (error) {
      if (!stopped.signal.aborted) to.fail(error);
      return;
    }
    if (!stopped.signal.aborted) timer = setTimeout(run, everyMs);
  };
  let timer = setTimeout(run, everyMs);
  return () => {
    stopped.abort();
    clearTimeout(timer);
  };
}
