import { setTimeout as sleep } from 'node:timers/promises';
import { claimMessages } from '../inbox/claim.ts';
import { parkMessage } from '../inbox/park.ts';
import { claimRetried, putBack, type Retried, release, retryOf } from '../inbox/replay.ts';
import { failSpan } from '../telemetry/spans.ts';
import { type Attempt, endAttempt, isOn, openAttempt, type ProcessDeps } from './attempt.ts';
import { type Delivery, openProcessSpan, type Unreadable } from './incoming.ts';
import { decide } from './retry-policy.ts';

/** `stopped`: the process ends; the message was not handled and must stay uncommitted. */
export type Outcome = 'handled' | 'duplicate' | 'parked' | 'stopped';

/**
 * Handles one message to its end, in a transaction of its own. Returns only when its effect is committed (or it is
 * parked), so that its offset may be committed: at-least-once delivery plus the inbox makes effects happen once. Waits
 * as long as a dependency is down; never throws. `first` is a try that was begun elsewhere; it is brought to its end here.
 */
export async function processAlone(deps: ProcessDeps, delivery: Delivery, first?: Attempt): Promise<Outcome> {
  let begun = first;
  return insist(deps, delivery, (attempt) => {
    const current = begun ?? openAttempt(deps, delivery, attempt);
    begun = undefined;
    return tryOnce(deps, current);
  });
}

/** Parks what nobody can read, however long the database takes. */
export function parkUnreadable(deps: ProcessDeps, record: Unreadable): Promise<Outcome> {
  return insist(deps, record, async (attempt) => {
    const { span, run } = openProcessSpan(deps.consumer, record);
    failSpan(span, record.error);
    try {
      await run(() => park(deps, record, attempt, 'invalid', record.error));
    } finally {
      span.end();
    }
    const { topic, partition, offset, error } = record;
    deps.log.error({ topic, partition, offset, error }, 'message is invalid, dead-lettered');
    return 'parked';
  });
}

/** Tries until a try returns. Whatever escapes one is a dependency in trouble: the partition stands still meanwhile. */
async function insist(
  deps: ProcessDeps,
  { topic, partition, offset }: { topic: string; partition: number; offset: string },
  tryIt: (attempt: number) => Promise<Outcome>,
): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryIt(attempt);
    } catch (error) {
      if (deps.signal.aborted) return 'stopped';
      const verdict = decide(error, attempt, deps.random ?? Math.random, isOn(deps, 'dependency-pause'));
      if (deps.counts !== undefined) deps.counts.retries += 1;
      const delayMs = verdict.action === 'retry' ? verdict.delayMs : 1_000;
      const fields = { topic, partition, offset, attempt, delayMs, error };
      if (attempt === 1 || attempt % 10 === 0) deps.log.warn(fields, 'message not handled yet, trying again');
      await sleep(delayMs, undefined, { signal: deps.signal }).catch(() => {});
      if (deps.signal.aborted) return 'stopped';
    }
  }
}

async function tryOnce(deps: ProcessDeps, current: Attempt): Promise<Outcome> {
  const { delivery, span, context } = current;
  try {
    return await span.run(() => handleOrPark(deps, current));
  } catch (error) {
    failSpan(span.span, error);
    if (
      deps.signal.aborted ||
      decide(error, context.attempt, Math.random, isOn(deps, 'dependency-pause')).action === 'retry'
    )
      throw error;
    await span.run(() => park(deps, delivery, context.attempt, 'failed', error));
    const { topic, partition, offset, key } = delivery;
    const fields = { topic, partition, offset, key, attempt: context.attempt, error };
    context.log.error(fields, 'message cannot be handled, dead-lettered');
    return 'parked';
  } finally {
    span.span.end();
  }
}

async function handleOrPark(deps: ProcessDeps, current: Attempt): Promise<Outcome> {
  const { delivery, context } = current;
  if (typeof current.apart === 'object') throw current.apart.error;
  const outcome = await handle(deps, current);
  if (outcome !== 'parked') return outcome;
  const { topic, partition, offset, key } = delivery;
  await park(deps, delivery, context.attempt, 'key_parked', new Error(`an earlier message of key ${key} is parked`));
  context.log.warn({ topic, partition, offset, key }, 'message parked behind an earlier one of its key');
  return outcome;
}

async function handle(deps: ProcessDeps, current: Attempt): Promise<Outcome> {
  const { handler, event, key } = current.delivery;
  const prepared = current.prepared?.value ?? (await handler.prepare(event, current.context));
  const position = current.delivery.headers[retryOf];
  if (position !== undefined) return handleRetried(deps, current, prepared, { id: event.metadata.id, key, position });
  return deps.db.transaction(async (tx) => {
    // The handler does not wait for the claim's answer: its first statement travels in the same packet and runs after
    // the claim. What a handler did to a message that turns out not to be ours is rolled back.
    const [claim, applied] = await Promise.allSettled([
      claimMessages(tx, deps.consumer, [{ id: event.metadata.id, key }], isOn(deps, 'inbox')),
      (async () => handler.apply(tx, event, prepared, current.context))(),
    ]);
    if (claim.status === 'rejected') throw claim.reason;
    const [claimed] = claim.value;
    if (claimed !== 'new') {
      tx.abandon();
      if (claimed === 'parked') return 'parked';
      endAttempt(deps, current, 'duplicate');
      return 'duplicate';
    }
    if (applied.status === 'rejected') throw applied.reason;
    if (deps.counts !== undefined) deps.counts.handled += 1;
    return 'handled';
  });
}

/** A message from the retry topic: passes the messages that wait behind it, and lets the next of them go. */
function handleRetried(deps: ProcessDeps, current: Attempt, prepared: unknown, retried: Retried): Promise<Outcome> {
  const { handler, event } = current.delivery;
  return deps.db.transaction(async (tx) => {
    const claim = await claimRetried(tx, deps.consumer, retried, isOn(deps, 'inbox'));
    if (claim === 'parked') return 'parked';
    if (claim === 'new') await handler.apply(tx, event, prepared, current.context);
    await release(tx, deps.consumer, retried);
    if (claim === 'duplicate') endAttempt(deps, current, 'duplicate');
    else if (deps.counts !== undefined) deps.counts.handled += 1;
    return claim === 'new' ? 'handled' : 'duplicate';
  });
}

/** What happens without dead letters: the message is gone, and whatever follows of its key goes on as if it had been. */
async function drop(deps: ProcessDeps, { topic, partition, offset, key }: Delivery | Unreadable, error: unknown) {
  if (deps.counts !== undefined) deps.counts.dropped += 1;
  deps.log.error({ topic, partition, offset, key, error }, 'message dropped: dead letters are switched off');
}

function park(
  deps: ProcessDeps,
  record: Delivery | Unreadable,
  attempts: number,
  reason: 'invalid' | 'failed' | 'key_parked',
  error: unknown,
): Promise<void> {
  const event = record.kind === 'delivery' ? record.event : null;
  const position = record.headers[retryOf];
  if (position !== undefined) return putBack(deps.db, deps.consumer, position, toError(error));
  if (!isOn(deps, 'dead-letter')) return drop(deps, record, error);
  if (deps.counts !== undefined) deps.counts.parked += 1;
  return parkMessage(deps.db, {
    consumer: deps.consumer,
    service: deps.service,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    key: record.key,
    messageId: event?.metadata.id ?? null,
    event: event?.event ?? null,
    value: record.value,
    headers: record.headers,
    attempts,
    reason,
    error,
  });
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
