import { createInjectedErrors, type Known, touchedBy } from '#contracts/telemetry/injected.ts';
import type { PendingSpan } from '../records.ts';
import { createRecent } from './recent.ts';

/** Spans that are remembered: at a thousand a second, those of the last twenty seconds. */
const mostSpans = 20_000;

/**
 * Tells which failures faults have caused. Children come before their parents or after them, and a touched one waits for
 * news of its fault (stamper.ts): a failure may be known as injected only when later spans have arrived.
 */
export function createInjectedTracker() {
  let found: PendingSpan[] = [];
  const errors = createInjectedErrors<PendingSpan>(createRecent<Known<PendingSpan>>(mostSpans), (failed) => {
    found.push(failed);
  });
  return {
    /** Takes spans in; returns the failed ones, of these and of earlier ones, that are now known to be injected. */
    take(spans: readonly PendingSpan[]): PendingSpan[] {
      found = [];
      for (const pending of spans) {
        const { spanId, parentSpanId, startNano, durationNano, status, attributes } = pending.span;
        const endNano = startNano + BigInt(durationNano);
        const touched = touchedBy(attributes) !== null;
        errors.take({ spanId, parentSpanId, startNano, endNano, touched }, status === 'error' ? pending : null);
      }
      return found;
    },
  };
}
