import { nanoToMs } from '#components/format/time.ts';
import type { TimelineEntry } from '#contracts/http/history.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { Span } from '#contracts/telemetry/query.ts';

/** One handling of a message by a consumer group: what its inbox made of it. */
export type Reading = {
  consumer: string;
  /** `duplicate`: the inbox knew the message already and nothing was done again. */
  outcome: 'handled' | 'duplicate' | 'failed';
  span: Span;
};

/** One message from the outbox row to the inboxes that took it. */
export type StoryMessage = {
  id: string;
  event: string;
  producer: string;
  topic: string;
  partition: number | null;
  offset: string | null;
  /** Epoch milliseconds: when its outbox row was committed together with the change that it announces. */
  writtenMs: number;
  /** Its producer spans, oldest first; more than one means that it was sent again. */
  sends: readonly Span[];
  /** When the broker acknowledged it; null while nobody has seen that. */
  publishedMs: number | null;
  readings: readonly Reading[];
  /** As history has it; null when only spans tell of it. */
  entry: TimelineEntry | null;
};

/**
 * Every message of an order. The console reads no service's database: rows of outboxes and inboxes are told by the
 * events that history received and by the spans of those who sent and handled them.
 */
export function storyMessages(timeline: readonly TimelineEntry[], spans: readonly Span[]): StoryMessage[] {
  const sends = byMessage(spans.filter(({ kind }) => kind === 'producer'));
  const reads = byMessage(spans.filter(({ kind }) => kind === 'consumer'));
  const entries = new Map(timeline.map((entry) => [entry.messageId, entry]));
  const ids = new Set([...entries.keys(), ...sends.keys(), ...reads.keys()]);
  return [...ids]
    .map((id) => toMessage(id, entries.get(id) ?? null, sends.get(id) ?? [], reads.get(id) ?? []))
    .sort((a, b) => a.writtenMs - b.writtenMs);
}

function toMessage(
  id: string,
  entry: TimelineEntry | null,
  sends: readonly Span[],
  reads: readonly Span[],
): StoryMessage {
  const first = sends[0] ?? reads[0];
  const read = reads[0]?.attributes ?? {};
  const acknowledged = sends.find(({ status }) => status !== 'error');
  return {
    id,
    event: entry?.event ?? text(first?.attributes[names.eventName]) ?? 'message',
    producer: entry?.producer ?? sends[0]?.service ?? 'unknown',
    topic: entry?.topic ?? text(first?.attributes[names.messagingDestination]) ?? 'unknown topic',
    partition: entry?.partition ?? number(read[names.messagingPartition]),
    offset: entry?.offset ?? text(read[names.messagingOffset]),
    writtenMs: entry ? Date.parse(entry.occurredAt) : writtenBefore(first),
    sends,
    publishedMs: acknowledged ? endMs(acknowledged) : null,
    readings: reads.map((span) => ({
      consumer: text(span.attributes[names.messagingConsumerGroup]) ?? span.service,
      outcome: span.attributes[names.duplicate] === true ? 'duplicate' : span.status === 'error' ? 'failed' : 'handled',
      span,
    })),
    entry,
  };
}

/** A producer span says how long its row had waited when it was sent. */
function writtenBefore(span: Span | undefined): number {
  if (!span) return 0;
  return nanoToMs(span.startUnixNano) - (number(span.attributes[names.outboxDelayMs]) ?? 0);
}

function byMessage(spans: readonly Span[]): Map<string, Span[]> {
  const found = new Map<string, Span[]>();
  for (const span of spans.toSorted((a, b) => nanoToMs(a.startUnixNano) - nanoToMs(b.startUnixNano))) {
    const id = text(span.attributes[names.messagingMessageId]);
    if (id === null) continue;
    found.set(id, [...(found.get(id) ?? []), span]);
  }
  return found;
}

/** Epoch milliseconds at which a span ended. */
export function endMs(span: Pick<Span, 'startUnixNano' | 'durationNano'>): number {
  return nanoToMs(span.startUnixNano) + span.durationNano / 1e6;
}

function text(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

function number(value: unknown): number | null {
  const parsed = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isFinite(parsed) ? parsed : null;
}
