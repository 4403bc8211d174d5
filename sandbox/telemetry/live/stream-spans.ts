import type { Span } from '#contracts/telemetry/query.ts';
import { type SpanRecord, toSpan } from '../records.ts';
import type { Hub } from './hub.ts';
import { createTicker } from './ticker.ts';

const gatherMs = 50;
/** Spans in one message: a trace of 100 000 must neither fill the connection's buffer nor hold up the others. */
const mostPerMessage = 500;

export type SpanStreamOptions = {
  hub: Hub;
  traceId: string;
  /** The spans known so far, from the store. */
  known(): Promise<readonly SpanRecord[]>;
  /** May resolve later, when the reader has taken them; the known spans wait for it. */
  send(spans: Span[]): void | Promise<void>;
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
    for (const batch of batchesOf(fresh)) void send(batch.map(toSpan));
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
    if (before.length === 0) await send([]);
    for (const batch of batchesOf(before)) await send(batch.map(toSpan));
    reading = false;
    sendArrived();
    return stop;
  } catch (error) {
    stop();
    throw error;
  }
}

function batchesOf(spans: readonly SpanRecord[]): SpanRecord[][] {
  return Array.from({ length: Math.ceil(spans.length / mostPerMessage) }, (_, index) =>
    spans.slice(index * mostPerMessage, (index + 1) * mostPerMessage),
  );
}
