import type { Span } from '#contracts/telemetry/query.ts';
import { type SpanRecord, toSpan } from '../records.ts';
import type { Hub } from './hub.ts';
import { createTicker } from './ticker.ts';

const gatherMs = 50;

export type SpanStreamOptions = {
  hub: Hub;
  traceId: string;
  /** The spans known so far, from the store. */
  known(): Promise<readonly SpanRecord[]>;
  send(spans: Span[]): void;
};

/** Sends all known spans of one trace, then each new one as it arrives, none twice. Returns the function that stops. */
export async function streamSpans({ hub, traceId, known, send }: SpanStreamOptions): Promise<() => void> {
  const sent = new Set<string>();
  let arrived: SpanRecord[] = [];
  let reading = true;

  const sendArrived = (): void => {
    if (reading || arrived.length === 0) return;
    const fresh = arrived.filter((span) => !sent.has(span.spanId));
    for (const span of fresh) sent.add(span.spanId);
    arrived = [];
    if (fresh.length > 0) send(fresh.map(toSpan));
  };
  const ticker = createTicker(gatherMs, sendArrived);
  // Listening starts before reading, or spans that arrive in between would be in neither.
  const unsubscribe = hub.subscribe({
    spans(spans) {
      const own = spans.filter((span) => span.traceId === traceId);
      if (own.length === 0) return;
      arrived.push(...own);
      ticker.ask();
    },
  });
  const stop = (): void => {
    unsubscribe();
    ticker.stop();
  };
  try {
    const before = await known();
    for (const span of before) sent.add(span.spanId);
    send(before.map(toSpan));
    reading = false;
    sendArrived();
    return stop;
  } catch (error) {
    stop();
    throw error;
  }
}
