/** Tells the telemetry store which faults there are, so that it marks what they touch. */
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultWindow } from '#contracts/telemetry/faults.ts';

export type FaultTeller = {
  /** Call when faults may have changed; nothing is sent when they have not. */
  changed(): void;
  /** Call when the store has been started anew: it is told again whatever it knew. */
  restarted(): void;
  close(): void;
};

export type TellerOptions = {
  url: string;
  token: string;
  windows(): readonly FaultWindow[];
  /** Between two attempts while the store is away. */
  retryMs?: number;
};

export function createFaultTeller({ url, token, windows, retryMs = 250 }: TellerOptions): FaultTeller {
  const ending = new AbortController();
  /** What the store was last told; null when that is not known. */
  let told: string | null = null;
  let telling = false;

  async function tell(): Promise<void> {
    if (telling) return;
    telling = true;
    while (!ending.signal.aborted) {
      const news = JSON.stringify(windows());
      if (news === told) break;
      if (await send(news)) told = news;
      else await delay(retryMs, undefined, { signal: ending.signal }).catch(() => {});
    }
    // In the same step as the last look: no change falls between the two.
    telling = false;
  }

  async function send(body: string): Promise<boolean> {
    try {
      const response = await fetch(`${url}/api/faults`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body,
        signal: AbortSignal.any([ending.signal, AbortSignal.timeout(2_000)]),
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }

  return {
    changed: () => void tell(),
    restarted() {
      told = null;
      void tell();
    },
    close: () => ending.abort(),
  };
}
