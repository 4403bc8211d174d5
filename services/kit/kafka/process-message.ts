import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaMessage } from 'kafkajs';
import type { EventName } from '#contracts/events/events.ts';
import { type KnownEvent, parseEvent } from '#contracts/events/registry.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { claimMessage, wasHandled } from '../inbox/claim.ts';
import { parkMessage } from '../inbox/park.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../postgres/database.ts';
import { failSpan, type Span, SpanKind, type TraceHeaders, withSpan } from '../telemetry/spans.ts';
import { type Handlers, handlerFor, type MessageContext, noPreparation, type PreparedHandler } from './handlers.ts';
import { decide } from './retry-policy.ts';

export type ProcessDeps = {
  /** Process name; owns the dead-letter topic. */
  service: string;
  /** Consumer group, and the inbox's consumer. */
  consumer: string;
  db: Database;
  handlers: Handlers;
  log: Logger;
  signal: AbortSignal;
  random?: () => number;
};

export type Source = { topic: string; partition: number };

/** `skipped`: nobody here cares. `stopped`: the process ends; the message was not handled and must stay uncommitted. */
export type Outcome = 'handled' | 'duplicate' | 'parked' | 'skipped' | 'stopped';

/**
 * Handles one record to its end. Returns only when the record's effect is committed (or it needs none), so that its
 * offset may be committed: at-least-once delivery plus the inbox makes effects happen once. Waits as long as a
 * dependency is down; never throws.
 */
export async function processMessage(deps: ProcessDeps, source: Source, message: KafkaMessage): Promise<Outcome> {
  let parsed: KnownEvent | Error;
  try {
    parsed = parseEvent(message.value ?? Buffer.alloc(0));
  } catch (error) {
    parsed = error as Error;
  }
  const handler = parsed instanceof Error ? undefined : handlerFor(deps.handlers, parsed);
  if (!(parsed instanceof Error) && handler === undefined) return 'skipped';

  for (let attempt = 1; ; attempt++) {
    if (deps.signal.aborted) return 'stopped';
    try {
      return await attemptOnce(deps, source, message, parsed, handler, attempt);
    } catch (error) {
      if (deps.signal.aborted) return 'stopped';
      // Whatever escapes an attempt is a dependency in trouble: wait here, the partition stands still meanwhile.
      const verdict = decide(error, attempt, deps.random ?? Math.random);
      const delayMs = verdict.action === 'retry' ? verdict.delayMs : 1_000;
      const fields = { ...source, offset: message.offset, attempt, delayMs, error };
      if (attempt === 1 || attempt % 10 === 0) deps.log.warn(fields, 'message not handled yet, trying again');
      await sleep(delayMs, undefined, { signal: deps.signal }).catch(() => {});
    }
  }
}

async function attemptOnce(
  deps: ProcessDeps,
  source: Source,
  message: KafkaMessage,
  parsed: KnownEvent | Error,
  handler: PreparedHandler<EventName> | undefined,
  attempt: number,
): Promise<Outcome> {
  const headers = textHeaders(message);
  const event = parsed instanceof Error ? null : parsed;
  const key =
    message.key?.toString() ?? event?.metadata.correlationId ?? `${source.topic}/${source.partition}/${message.offset}`;
  const park = (reason: 'invalid' | 'failed' | 'key_parked', error: unknown) =>
    parkMessage(deps.db, {
      consumer: deps.consumer,
      service: deps.service,
      ...source,
      offset: message.offset,
      key,
      messageId: event?.metadata.id ?? null,
      event: event?.event ?? null,
      value: message.value ?? Buffer.alloc(0),
      headers,
      attempts: attempt,
      reason,
      error,
    });

  return withSpan(`process ${source.topic}`, spanOptions(deps, source, message, headers, event), async (span) => {
    if (event === null || handler === undefined) {
      failSpan(span, parsed);
      await park('invalid', parsed);
      deps.log.error({ ...source, offset: message.offset, error: parsed }, 'message is invalid, dead-lettered');
      return 'parked';
    }
    const log = deps.log.child({ orderId: event.metadata.correlationId, event: event.event });
    const context: MessageContext = { ...source, offset: message.offset, attempt, log, signal: deps.signal };
    try {
      const outcome = await handle(deps, span, handler, event, key, context);
      if (outcome !== 'parked') return outcome;
      await park('key_parked', new Error(`an earlier message of key ${key} is parked`));
      log.warn({ ...source, offset: message.offset, key }, 'message parked behind an earlier one of its key');
      return outcome;
    } catch (error) {
      if (deps.signal.aborted || decide(error, attempt, Math.random).action === 'retry') throw error;
      failSpan(span, error);
      await park('failed', error);
      log.error({ ...source, offset: message.offset, key, attempt, error }, 'message cannot be handled, dead-lettered');
      return 'parked';
    }
  });
}

async function handle(
  deps: ProcessDeps,
  span: Span,
  handler: PreparedHandler<EventName>,
  event: KnownEvent,
  key: string,
  context: MessageContext,
): Promise<Outcome> {
  const { id } = event.metadata;
  const needsPrepare = handler.prepare !== noPreparation;
  if (needsPrepare && (await wasHandled(deps.db, deps.consumer, id))) return duplicate(span);
  const prepared = await handler.prepare(event, context);
  return deps.db.transaction(async (tx) => {
    // The handler does not wait for the claim's answer: its first statement travels in the same packet and runs after
    // the claim. What a handler did to a message that turns out not to be ours is rolled back.
    const [claim, applied] = await Promise.allSettled([
      claimMessage(tx, deps.consumer, id, key),
      (async () => handler.apply(tx, event, prepared, context))(),
    ]);
    if (claim.status === 'rejected') throw claim.reason;
    if (claim.value !== 'new') {
      tx.abandon();
      return claim.value === 'parked' ? 'parked' : duplicate(span);
    }
    if (applied.status === 'rejected') throw applied.reason;
    return 'handled';
  });
}

function duplicate(span: Span): Outcome {
  span.setAttribute(names.duplicate, true);
  return 'duplicate';
}

function spanOptions(
  deps: ProcessDeps,
  source: Source,
  message: KafkaMessage,
  headers: Record<string, string>,
  event: KnownEvent | null,
) {
  return {
    kind: SpanKind.CONSUMER,
    parent: headers as TraceHeaders,
    attributes: {
      [names.messagingSystem]: 'kafka',
      [names.messagingDestination]: source.topic,
      [names.messagingPartition]: String(source.partition),
      [names.messagingOffset]: Number(message.offset),
      [names.messagingKey]: message.key?.toString(),
      [names.messagingConsumerGroup]: deps.consumer,
      [names.messagingOperationName]: 'process',
      [names.messagingOperationType]: 'process',
      [names.messagingMessageId]: event?.metadata.id,
      [names.eventName]: event?.event,
      [names.orderId]: event?.metadata.correlationId,
      [names.sagaId]: event?.metadata.sagaId,
    },
  };
}

function textHeaders(message: KafkaMessage): Record<string, string> {
  const entries = Object.entries(message.headers ?? {}).map(([name, value]) => [
    name,
    String(Array.isArray(value) ? value[0] : value),
  ]);
  return Object.fromEntries(entries);
}
