import type { PatternName } from '#contracts/sandbox/control-channel.ts';

export type PatternGroup = 'calls' | 'messages' | 'edge';

/** How a pattern is called on screen, and where it stands. The order is the page's. */
export const knownPatterns: readonly { pattern: PatternName; title: string; group: PatternGroup }[] = [
  { pattern: 'circuit-breaker', title: 'Circuit breaker', group: 'calls' },
  { pattern: 'bulkhead', title: 'Bulkhead', group: 'calls' },
  { pattern: 'retry', title: 'Retry', group: 'calls' },
  { pattern: 'retry-budget', title: 'Retry budget', group: 'calls' },
  { pattern: 'timeout', title: 'Timeout and deadline', group: 'calls' },
  { pattern: 'fallback', title: 'Fallback', group: 'calls' },
  { pattern: 'outbox', title: 'Outbox', group: 'messages' },
  { pattern: 'inbox', title: 'Inbox', group: 'messages' },
  { pattern: 'retry-topic', title: 'Retry topics', group: 'messages' },
  { pattern: 'dead-letter', title: 'Dead letters and parked keys', group: 'messages' },
  { pattern: 'dependency-pause', title: 'Pause on a dead dependency', group: 'messages' },
  { pattern: 'idempotency-key', title: 'Idempotency key', group: 'edge' },
  { pattern: 'rate-limit', title: 'Rate limit', group: 'edge' },
  { pattern: 'backpressure', title: 'Backpressure', group: 'edge' },
  { pattern: 'graceful-drain', title: 'Graceful drain', group: 'edge' },
];

export const groupTitles: Record<PatternGroup, string> = {
  calls: 'Calls',
  messages: 'Messages',
  edge: 'Requests',
};

export function titleOf(pattern: PatternName): string {
  return knownPatterns.find((known) => known.pattern === pattern)?.title ?? pattern;
}
