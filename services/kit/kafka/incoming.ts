import type { KafkaMessage } from 'kafkajs';
import type { EventName } from '#contracts/events/events.ts';
import { isEventName, type KnownEvent, parseEvent } from '#contracts/events/registry.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { retryOf } from '../inbox/replay.ts';
import { type OpenSpan, openSpan, SpanKind, type TraceHeaders } from '../telemetry/spans.ts';
import type { HandlerTable, PreparedHandler } from './handlers.ts';

export type Source = { topic: string; partition: number };

type Record = Source & {
  offset: string;
  /** What keeps its order, and what is parked with it: the record's key, or the next best. */
  key: string;
  value: Buffer;
  headers: { [name: string]: string };
  /** The record's own key, as the span tells it. */
  recordKey: string | undefined;
};

/** A record that one of the handlers cares about. */
export type Delivery = Record & { kind: 'delivery'; event: KnownEvent; handler: PreparedHandler<EventName> };
/** Bytes that nobody can read. */
export type Unreadable = Record & { kind: 'invalid'; error: Error };
/** What a record is to this consumer; `skipped` is nobody's business here. */
export type Incoming = { kind: 'skipped'; offset: string } | Unreadable | Delivery;

/**
 * Reads a record once, whatever is then tried with it. What the event's name in the headers shows to be nobody's
 * business here is not even parsed.
 */
export function readMessage(handlers: HandlerTable, source: Source, message: KafkaMessage): Incoming {
  const named = message.headers?.event?.toString();
  const value = message.value ?? Buffer.alloc(0);
  if (named !== undefined && isEventName(named) && !handlers.has(named)) return notForUs(source, message, value, named);
  try {
    const event = parseEvent(value);
    const handler = handlers.get(event.event);
    if (handler === undefined || handler.wants?.(event) === false) return notForUs(source, message, value, event.event);
    return { kind: 'delivery', ...toRecord(source, message, value, event), event, handler };
  } catch (error) {
    return { kind: 'invalid', ...toRecord(source, message, value, null), error: error as Error };
  }
}

/** What comes back from a retry topic was for us once: skipped, it would hold its key up for ever. */
function notForUs(source: Source, message: KafkaMessage, value: Buffer, event: string): Incoming {
  if (message.headers?.[retryOf] === undefined) return { kind: 'skipped', offset: message.offset };
  const error = new Error(`${event} is no longer handled here`);
  return { kind: 'invalid', ...toRecord(source, message, value, null), error };
}

function toRecord(source: Source, message: KafkaMessage, value: Buffer, event: KnownEvent | null): Record {
  const recordKey = message.key?.toString();
  const { offset } = message;
  const key = recordKey ?? event?.metadata.correlationId ?? `${source.topic}/${source.partition}/${offset}`;
  return { ...source, offset, key, value, headers: textHeaders(message), recordKey };
}

/** The CONSUMER span of a record, child of the span that sent it. */
export function openProcessSpan(consumer: string, record: Delivery | Unreadable): OpenSpan {
  const event = record.kind === 'delivery' ? record.event : null;
  return openSpan(`process ${record.topic}`, {
    kind: SpanKind.CONSUMER,
    parent: record.headers as TraceHeaders,
    attributes: {
      [names.messagingSystem]: 'kafka',
      [names.messagingDestination]: record.topic,
      [names.messagingPartition]: String(record.partition),
      [names.messagingOffset]: Number(record.offset),
      [names.messagingKey]: record.recordKey,
      [names.messagingConsumerGroup]: consumer,
      [names.messagingOperationName]: 'process',
      [names.messagingOperationType]: 'process',
      [names.messagingMessageId]: event?.metadata.id,
      [names.eventName]: event?.event,
      [names.orderId]: event?.metadata.correlationId,
      [names.sagaId]: event?.metadata.sagaId,
    },
  });
}

function textHeaders(message: KafkaMessage): { [name: string]: string } {
  const text: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    text[name] = String(Array.isArray(value) ? value[0] : value);
  }
  return text;
}
