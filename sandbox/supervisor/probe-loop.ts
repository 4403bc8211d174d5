import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessState } from '#contracts/sandbox/control.ts';
import type { LifecycleEvent } from './lifecycle.ts';

const probeTimeoutMs = 2_000;

export type ProbeLoop = {
  probe(signal: AbortSignal): Promise<void>;
  state(): ProcessState;
  /** How many lines the process has printed so far. */
  spoken(): number;
  report(event: LifecycleEvent): void;
};

/** Asks one process again and again until aborted. A paused process is not asked: it cannot answer. */
export async function probeUntilAborted(loop: ProbeLoop, signal: AbortSignal): Promise<void> {
  for (let cutShort = 0; !signal.aborted; ) {
    const spoken = loop.spoken();
    const event = loop.state() === 'paused' ? null : await ask(loop, signal);
    if (signal.aborted) return;
    if (event !== null && loop.state() !== 'paused') loop.report(event);
    if (await pause(loop, { spoken, cutShort }, signal)) cutShort += 1;
  }
}

async function ask(loop: ProbeLoop, signal: AbortSignal): Promise<LifecycleEvent> {
  try {
    await loop.probe(AbortSignal.any([signal, AbortSignal.timeout(probeTimeoutMs)]));
    return { type: 'probe', ok: true };
  } catch (error) {
    return { type: 'probe', ok: false, detail: explain(error) };
  }
}

/**
 * Every two seconds while all is well. A process that starts is asked when it has said something, which may be that it
 * is ready, and now and then: start time is what people wait for, and a probe too many takes it from the others. The more
 * pauses its words have cut short, the later the next is: a Postgres that recovers answers each probe with a line.
 */
async function pause(
  loop: ProbeLoop,
  { spoken, cutShort }: { spoken: number; cutShort: number },
  signal: AbortSignal,
): Promise<boolean> {
  const starting = () => loop.state() === 'starting';
  const longestMs = starting() ? 250 : loop.state() === 'running' ? 2_000 : 500;
  const lookMs = starting() ? 20 : longestMs;
  const leastMs = 10 * cutShort;
  for (let waitedMs = 0; waitedMs < longestMs && !signal.aborted; waitedMs += lookMs) {
    await delay(lookMs, undefined, { signal }).catch(() => {});
    if (starting() && waitedMs >= leastMs && loop.spoken() !== spoken) return true;
  }
  return false;
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return `no answer within ${probeTimeoutMs} ms`;
  return error.message || ((error as NodeJS.ErrnoException).code ?? error.name);
}
