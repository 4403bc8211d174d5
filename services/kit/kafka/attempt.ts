import type { RetryTier } from '#contracts/events/topics.ts';
import type { PatternName } from '#contracts/sandbox/control-channel.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { Patterns } from '../control/patterns.ts';
import { retryAttempts } from '../inbox/replay.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../postgres/database.ts';
import type { OpenSpan } from '../telemetry/spans.ts';
import type { MessageContext } from './handlers.ts';
import { type Delivery, openProcessSpan } from './incoming.ts';

export type ProcessDeps = {
  /** Process name; owns the dead-letter topic. */
  service: string;
  /** Consumer group, and the inbox's consumer. */
  consumer: string;
  db: Database;
  log: Logger;
  signal: AbortSignal;
  random?: () => number;
  /** Where a message that failed waits before it is tried again; absent: nowhere. */
  tiers?: readonly RetryTier[];
  /** What may be switched off for teaching; everything is on without it. */
  patterns?: Pick<Patterns, 'isOn'>;
  /** Counts for people; nobody needs them to work. */
  counts?: ConsumerCounts;
};

export type ConsumerCounts = {
  handled: number;
  duplicates: number;
  retries: number;
  /** Sent to a retry tier. */
  later: number;
  parked: number;
  dropped: number;
};

export function isOn({ patterns }: ProcessDeps, pattern: PatternName): boolean {
  return patterns === undefined || patterns.isOn(pattern);
}

/** One try at a message: its span, open until it is known how the try ended, and what its handler is told. */
export type Attempt = {
  delivery: Delivery;
  span: OpenSpan;
  context: MessageContext;
  /** What the handler's `prepare` gave; absent until it has. */
  prepared?: { value: unknown };
  /** Why it is not handled with others: its failure, or `unclear`: it took too long, nobody can tell whose, it was parked. */
  apart?: { error: unknown } | 'unclear';
};

/** `attempt` counts the tries of this delivery, from 1; those before it, of the tiers, are added. */
export function openAttempt(deps: ProcessDeps, delivery: Delivery, attempt: number): Attempt {
  const { topic, partition, offset, event, headers } = delivery;
  const before = Number(headers[retryAttempts] ?? 0);
  const log = deps.log.child({ orderId: event.metadata.correlationId, event: event.event });
  return {
    delivery,
    span: openProcessSpan(deps.consumer, delivery),
    context: { topic, partition, offset, attempt: before + attempt, log, signal: deps.signal },
  };
}

/** Ends the try of a message whose effect is in the database: put there now, or `duplicate` by an earlier delivery. */
export function endAttempt(
  { counts }: ProcessDeps,
  { span: { span } }: Attempt,
  outcome: 'handled' | 'duplicate',
): void {
  if (outcome === 'duplicate') span.setAttribute(names.duplicate, true);
  if (counts !== undefined) counts[outcome === 'duplicate' ? 'duplicates' : 'handled'] += 1;
  span.end();
}
