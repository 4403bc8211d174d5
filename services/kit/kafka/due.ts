import type { KafkaMessage } from 'kafkajs';
import type { RetryTier } from '#contracts/events/topics.ts';
import { retryDueAt } from '../inbox/replay.ts';

/** What may be handled now; or nothing, and how long the first of them has to wait. */
export type Due = { messages: readonly KafkaMessage[]; waitMs: number | null };
type Fetched = { messages: readonly KafkaMessage[] };

export function whole({ messages }: Fetched): Due {
  return { messages, waitMs: null };
}

/**
 * What is due among the messages of a retry tier: those before the first that is not, so that offsets pass nothing. No
 * wait is longer than the tier's delay, whatever a clock that was set says; then they are looked at anew.
 */
export function dueOf({ messages }: Fetched, { delayMs }: RetryTier, nowMs: number): Due {
  const waits = messages.map((message) => Date.parse(String(message.headers?.[retryDueAt])) - nowMs);
  // Without an instant in its header nothing says that it must wait.
  const first = waits.findIndex((waitMs) => waitMs > 0);
  if (first === 0) return { messages: [], waitMs: Math.min(waits[0] ?? 0, delayMs) };
  return { messages: first === -1 ? messages : messages.slice(0, first), waitMs: null };
}
