import { setTimeout as sleep } from 'node:timers/promises';
import { claimMessages } from '../inbox/claim.ts';
import { failAgain, parkMessage } from '../inbox/park.ts';
import { claimRetried, type Retried, release, retryOf, retrySend } from '../inbox/replay.ts';
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
      await run(() => park(deps, record, { attempts: attempt, reason: 'invalid', error: record.error, later: false }));
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
    const { action } = decide(error, context.attempt, Math.random, isOn(deps, 'dependency-pause'));
    if (deps.signal.aborted || action === 'retry') throw error;
    const later = action === 'later';
    await span.run(() => park(deps, delivery, { attempts: context.attempt, reason: 'failed', error, later }));
    const { topic, partition, offset, key } = delivery;
    const fields = { topic, partition, offset, key, attempt: context.attempt, error };
    context.log.error(fields, later ? 'message failed, set aside' : 'message cannot be handled, dead-lettered');
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
  const error = new Error(`an earlier message of key ${key} is parked`);
  await park(deps, delivery, { attempts: context.attempt, reason: 'key_parked', error, later: false });
  context.log.warn({ topic, partition, offset, key }, 'message parked behind an earlier one of its key');
  return outcome;
}

async function handle(deps: ProcessDeps, current: Attempt): Promise<Outcome> {
  const { handler, event, key } = current.delivery;
  const prepared = current.prepared?.value ?? (await handler.prepare(event, current.context));
  const retried = retriedOf(current.delivery);
  if (retried !== null) return handleRetried(deps, current, prepared, retried);
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

/** What a record of a retry topic says of itself; null for one of any other topic. */
function retriedOf({ headers, key, ...record }: Delivery | Unreadable): Retried | null {
  const position = headers[retryOf];
  if (position === undefined) return null;
  const id = record.kind === 'delivery' ? record.event.metadata.id : '';
  return { id, key, position, send: Number(headers[retrySend] ?? 0) };
}

/** A message from a retry topic: passes the messages that wait behind it, and lets the next of them go. */
function handleRetried(deps: ProcessDeps, current: Attempt, prepared: unknown, retried: Retried): Promise<Outcome> {
  const { handler, event } = current.delivery;
  return deps.db.transaction(async (tx) => {
    const claim = await claimRetried(tx, deps.consumer, retried, isOn(deps, 'inbox'));
    if (claim === 'parked') return 'parked';
    if (claim === 'new') await handler.apply(tx, event, prepared, current.context);
    if (claim !== 'stale') await release(tx, deps.consumer, retried);
    if (claim !== 'new') endAttempt(deps, current, 'duplicate');
    else if (deps.counts !== undefined) deps.counts.handled += 1;
    return claim === 'new' ? 'handled' : 'duplicate';
  });
}

/** What happens without dead letters: the message is gone, and whatever follows of its key goes on as if it had been. */
async function drop(deps: ProcessDeps, { topic, partition, offset, key }: Delivery | Unreadable, error: unknown) {
  if (deps.counts !== undefined) deps.counts.dropped += 1;
  deps.log.error({ topic, partition, offset, key, error }, 'message dropped: dead letters are switched off');
}

type Unhandled = {
  attempts: number;
  reason: 'invalid' | 'failed' | 'key_parked';
  error: unknown;
  /** Whether it may go better later, without anybody's help. */
  later: boolean;
};

function park(deps: ProcessDeps, record: Delivery | Unreadable, unhandled: Unhandled): Promise<void> {
  const { consumer, service, db, counts } = deps;
  const { attempts, reason, error } = unhandled;
  const tiers = unhandled.later && isOn(deps, 'retry-topic') ? (deps.tiers ?? []) : [];
  if (tiers.length > 0 && counts !== undefined) counts.later += 1;
  const retried = retriedOf(record);
  if (retried !== null) return failAgain(db, { consumer, service, retried, attempts, error, tiers });
  if (!isOn(deps, 'dead-letter')) return drop(deps, record, error);
  if (counts !== undefined) counts.parked += 1;
  const event = record.kind === 'delivery' ? record.event : null;
  return parkMessage(db, {
    consumer,
    service,
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
    tiers,
  });
}
