/**
 * Stops kafkajs 2.2.4 from waking up about 860 times a second per idle connection (its issues 1751, 1755, 1768).
 *
 * After every response its request queue re-arms a timer for "when throttling ends". Without throttling that moment
 * is −1, so the delay is negative, Node makes it 1 ms, and the timer re-arms itself for ever: 4–6 % of a core per
 * process, and a TimeoutNegativeWarning on Node 24. Here the timer is armed only when something is waiting for it.
 */
import { createRequire } from 'node:module';

type RequestQueue = {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
};

/** What kafkajs itself waits while requests are pending and nothing is throttled. */
const pendingIntervalMs = 10;

const require = createRequire(import.meta.url);

/** Patches the request queue of the loaded kafkajs. Idempotent; throws when kafkajs has changed shape. */
export function fixKafkajsTimer(): void {
  const { prototype } = require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  if (typeof prototype.scheduleCheckPendingRequests !== 'function') {
    throw new Error(
      'kafkajs has no scheduleCheckPendingRequests any more: see whether kafkajs-timer.ts is still needed',
    );
  }
  prototype.scheduleCheckPendingRequests = scheduleCheckPendingRequests;
}

function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
  const untilUnthrottledMs = this.throttledUntil - Date.now();
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    untilUnthrottledMs > 0 ? untilUnthrottledMs : pendingIntervalMs,
  );
}
