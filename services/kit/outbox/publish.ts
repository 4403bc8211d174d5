import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { Message, Producer } from 'kafkajs';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { FaultAgent } from '../faults/agent.ts';
import { contextFrom, failSpan, type Span, SpanKind, traceHeaders, tracer } from '../telemetry/spans.ts';
import type { WaitingRow } from './rows.ts';

export type PublishResult = {
  /** Ids that the broker has acknowledged. */
  acknowledged: string[];
  /** Rows that no broker will ever take. */
  poison: { row: WaitingRow; error: Error }[];
  /** Why the rest was not published; they wait. */
  error?: Error;
};

/** Below the broker's limit of 1 MiB per batch, with room for headers. */
const maxBodyBytes = 900_000;
const ackTimeoutMs = 5_000;

/** `copies`: how often it is sent besides. */
type Prepared = { row: WaitingRow; span: Span; message: Message; copies: number };

/** Sends rows in order with acks=all, with a PRODUCER span per row as child of the trace that wrote the row. */
export async function publishRows(
  producer: Producer,
  rows: readonly WaitingRow[],
  faults?: Pick<FaultAgent, 'strike'>,
): Promise<PublishResult> {
  const result: PublishResult = { acknowledged: [], poison: [] };
  const ready: Prepared[] = [];
  const blockedKeys = new Set<string>();
  for (const row of rows) {
    if (blockedKeys.has(row.key)) continue;
    const span = startSpan(row);
    try {
      const copies = faults?.strike('duplicate', row.type, { span })?.fault.copies ?? 0;
      ready.push({ row, span, message: toMessage(row, span), copies });
    } catch (error) {
      endSpan(span, error);
      result.poison.push({ row, error: asError(error) });
      blockedKeys.add(row.key);
    }
  }
  try {
    await send(producer, ready);
    acknowledge(ready, result);
  } catch (error) {
    if (!isRefused(error)) return fail(ready, result, error);
    await sendOneByOne(producer, ready, result, blockedKeys);
  }
  return result;
}

/** The broker refused something in the batch for good: find out which row it is. */
async function sendOneByOne(producer: Producer, ready: Prepared[], result: PublishResult, blockedKeys: Set<string>) {
  for (const [index, item] of ready.entries()) {
    if (blockedKeys.has(item.row.key)) {
      item.span.end();
      continue;
    }
    try {
      await send(producer, [item]);
      acknowledge([item], result);
    } catch (error) {
      if (!isRefused(error)) {
        fail(ready.slice(index), result, error);
        return;
      }
      endSpan(item.span, error);
      result.poison.push({ row: item.row, error: asError(error) });
      blockedKeys.add(item.row.key);
    }
  }
}

async function send(producer: Producer, items: readonly Prepared[]): Promise<void> {
  if (items.length === 0) return;
  const byTopic = Map.groupBy(items, (item) => item.row.topic);
  await producer.sendBatch({
    acks: -1,
    timeout: ackTimeoutMs,
    topicMessages: [...byTopic].map(([topic, group]) => ({ topic, messages: group.flatMap(withCopies) })),
  });
}

function withCopies({ message, copies }: Prepared): Message[] {
  return copies === 0 ? [message] : Array.from({ length: copies + 1 }, () => message);
}

function acknowledge(items: readonly Prepared[], result: PublishResult): void {
  for (const { row, span } of items) {
    span.end();
    result.acknowledged.push(row.id);
  }
}

function fail(items: readonly Prepared[], result: PublishResult, error: unknown): PublishResult {
  for (const { span } of items) endSpan(span, error);
  result.error = asError(error);
  return result;
}

function startSpan(row: WaitingRow): Span {
  const parent = contextFrom(row.headers);
  return tracer().startSpan(
    `send ${row.topic}`,
    {
      kind: SpanKind.PRODUCER,
      attributes: {
        [names.messagingSystem]: 'kafka',
        [names.messagingDestination]: row.topic,
        [names.messagingKey]: row.key,
        [names.messagingMessageId]: row.id,
        [names.messagingOperationName]: 'send',
        [names.messagingOperationType]: 'send',
        [names.eventName]: row.type,
        [names.orderId]: row.key,
        [names.outboxDelayMs]: Math.max(0, Math.round(row.ageMs)),
      },
    },
    trace.getSpan(parent) === undefined ? ROOT_CONTEXT : parent,
  );
}

function toMessage(row: WaitingRow, span: Span): Message {
  const trace = traceHeaders(span);
  const value = row.raw ?? Buffer.from(withTraceparent(row.payload, trace.traceparent));
  if (value.byteLength > maxBodyBytes) {
    throw new RangeError(`message ${row.id} has ${value.byteLength} bytes, the limit is ${maxBodyBytes}`);
  }
  return { key: row.key, value, headers: { ...row.headers, 'message-id': row.id, event: row.type, ...trace } };
}

function withTraceparent(payload: string | null, traceparent: string | undefined): string {
  if (payload === null) throw new TypeError('outbox row has neither payload nor raw body');
  if (traceparent === undefined) return payload;
  const envelope = JSON.parse(payload) as { metadata: object };
  return JSON.stringify({ ...envelope, metadata: { ...envelope.metadata, traceparent } });
}

/** Errors that repeat for ever with the same record (protocol errors 10, 18, 87). */
function isRefused(error: unknown): boolean {
  const type = typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : '';
  return ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD'].includes(type);
}

function endSpan(span: Span, error: unknown): void {
  failSpan(span, error);
  span.end();
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
