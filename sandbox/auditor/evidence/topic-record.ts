import { isAppError } from '#contracts/errors.ts';
import type { EventEnvelope } from '#contracts/events/envelope.ts';
import { parseEnvelope, parseEvent } from '#contracts/events/registry.ts';
import type { KafkaRecord } from '../kafka/record-batch.ts';
import { isCopy } from './consumers.ts';

/** What the auditor keeps of a message: what it says of itself and where it lies, never its personal data. */
export type TopicRecord = {
  topic: string;
  partition: number;
  offset: number;
  /** When the producer published it, epoch milliseconds. */
  publishedAt: number;
  key: string;
  messageId: string | null;
  event: string | null;
  producer: string | null;
  causationId: string | null;
  version: number | null;
  occurredAt: string | null;
  traceId: string | null;
  /** Why its body is no message of the contract; null when it is one. */
  invalid: string | null;
  /** What the fold of an order needs. */
  facts: RecordFacts;
};

export type RecordFacts = {
  totalMinor: number | null;
  currency: string | null;
  quoteId: string | null;
  sagaStyle: string | null;
  reservationId: string | null;
  chargeId: string | null;
  invoiceNumber: string | null;
  reason: string | null;
};

export function readTopicRecord(topic: string, partition: number, record: KafkaRecord): TopicRecord {
  const place = {
    topic,
    partition,
    offset: Number(record.offset),
    publishedAt: record.timestamp,
    key: record.key ?? '',
  };
  const headerId = record.headers['message-id'] ?? null;
  const nothing = {
    messageId: headerId,
    event: record.headers.event ?? null,
    producer: null,
    causationId: null,
    version: null,
    occurredAt: null,
    traceId: record.headers.traceparent?.split('-')[1] ?? null,
    facts: noFacts,
  };
  const body = record.value ?? Buffer.alloc(0);
  // A dead letter carries the original bytes; what was published here is the letter.
  const idOf = ({ metadata }: EventEnvelope) => (isCopy(topic) ? headerId : metadata.id);
  const described = (envelope: EventEnvelope, invalid: string | null): TopicRecord => ({
    ...place,
    messageId: idOf(envelope),
    event: envelope.event,
    producer: envelope.metadata.producer,
    causationId: envelope.metadata.causationId,
    version: envelope.metadata.aggregateVersion,
    occurredAt: envelope.metadata.occurredAt,
    traceId: envelope.metadata.traceparent?.split('-')[1] ?? nothing.traceId,
    invalid,
    facts: factsOf(envelope.data),
  });
  try {
    return described(parseEvent(body), null);
  } catch (error) {
    // Not what the contract says; what it claims to be is still worth knowing.
    const invalid = isAppError(error) ? error.message.slice(0, 300) : String(error);
    try {
      return described(parseEnvelope(body), invalid);
    } catch {
      return { ...place, ...nothing, invalid };
    }
  }
}

const noFacts: RecordFacts = {
  totalMinor: null,
  currency: null,
  quoteId: null,
  sagaStyle: null,
  reservationId: null,
  chargeId: null,
  invoiceNumber: null,
  reason: null,
};

function factsOf(data: Record<string, unknown>): RecordFacts {
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const money = (data.total ?? data.amount) as { amountMinor?: unknown; currency?: unknown } | undefined;
  return {
    totalMinor: typeof money?.amountMinor === 'number' ? money.amountMinor : null,
    currency: text(money?.currency),
    quoteId: text(data.quoteId),
    sagaStyle: text(data.sagaStyle),
    reservationId: text(data.reservationId),
    chargeId: text(data.chargeId),
    invoiceNumber: text(data.invoiceNumber),
    reason: text(data.reason),
  };
}
