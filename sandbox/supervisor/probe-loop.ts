import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessState } from '#contracts/sandbox/control.ts';
import type { LifecycleEvent } from './lifecycle.ts';

const probeTimeoutMs = 2_000;

export type ProbeLoop = {
  probe(signal: AbortSignal): Promise<void>;
  state(): ProcessState;
  report(event: LifecycleEvent): void;
};

/** Asks one process again and again until aborted. A paused process is not asked: it cannot answer. */
export async function probeUntilAborted(loop: ProbeLoop, signal: AbortSignal): Promise<void> {
  for (let round = 0; !signal.aborted; round += 1) {
    const event = loop.state() === 'paused' ? null : await ask(loop, signal);
    if (signal.aborted) return;
    if (event !== null && loop.state() !== 'paused') loop.report(event);
    await delay(pauseMs(loop.state(), round), undefined, { signal }).catch(() => {});
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

/** Often while it starts, for start time is what people wait for; every two seconds while all is well. */
function pauseMs(state: ProcessState, round: number): number {
  if (state === 'starting') return Math.min(250, 30 + round * 5);
  return state === 'running' ? 2_000 : 500;
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return `no answer within ${probeTimeoutMs} ms`;
  return error.message || ((error as NodeJS.ErrnoException).code ?? error.name);
}
