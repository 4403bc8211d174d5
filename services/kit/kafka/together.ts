import { isAppError } from '#contracts/errors.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { type Claim, claimMessages, findHandled } from '../inbox/claim.ts';
import { retryOf } from '../inbox/replay.ts';
import type { Tx } from '../postgres/database.ts';
import { isFollowUp } from '../postgres/errors.ts';
import { type Attempt, endAttempt, isOn, openAttempt, type ProcessDeps } from './attempt.ts';
import { type DeliveredEvent, needsPreparation } from './handlers.ts';
import type { Delivery } from './incoming.ts';
import { inWaves } from './waves.ts';

/** Handles messages of any partitions together; what is left over must be handled alone, in order. */
export type Together = (deliveries: readonly Delivery[]) => Promise<Attempt[]>;

/** Messages of one transaction at most. */
const largestBatch = 256;
/** Handlers only talk to the database: one that takes longer is stuck, and must not hold up the others. */
const waveDeadlineMs = 3_000;

type Submission = { attempts: readonly Attempt[]; resolve: (leftOver: Attempt[]) => void };

/**
 * Group commit: while one transaction runs, messages of all partitions gather for the next. One BEGIN, one claim, one
 * insert into the outbox and one COMMIT then serve all of them, and a fleet under load does less per message than an
 * idle one. Only one transaction at a time, so two of them never wait for each other's rows.
 *
 * A transaction is all or nothing. When a message in it fails, it is rolled back and done again without that message
 * and what follows of its key; a message whose fault cannot be told from its neighbours' makes all of them go alone.
 */
export function createTogether(deps: ProcessDeps): Together {
  const waiting: Submission[] = [];
  let running = false;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = takeBatch(waiting);
      const leftOver = new Set(
        await settle(
          deps,
          batch.flatMap(({ attempts }) => attempts),
        ),
      );
      for (const { attempts, resolve } of batch) resolve(attempts.filter((attempt) => leftOver.has(attempt)));
    }
    running = false;
  }

  return async (deliveries) => {
    const opened = deliveries.map((delivery) => openForGroup(deps, delivery));
    const { ready, leftOver } = splitApart(await prepareAll(deps, opened));
    if (ready.length === 0) return leftOver;
    const unsettled = new Promise<Attempt[]>((resolve) => waiting.push({ attempts: ready, resolve }));
    if (!running) {
      running = true;
      // Not at once: the other partitions of the same fetch are about to bring theirs.
      setImmediate(() => void drain());
    }
    const all = new Set([...leftOver, ...(await unsettled)]);
    return opened.filter((attempt) => all.has(attempt));
  };
}

/** A message that was parked passes those that wait behind it, which only a transaction of its own can do. */
function openForGroup(deps: ProcessDeps, delivery: Delivery): Attempt {
  const attempt = openAttempt(deps, delivery, 1);
  return delivery.headers[retryOf] === undefined ? attempt : { ...attempt, apart: 'unclear' };
}

function takeBatch(waiting: Submission[]): Submission[] {
  let size = 0;
  const end = waiting.findIndex(({ attempts }, index) => {
    size += attempts.length;
    return index > 0 && size > largestBatch;
  });
  return waiting.splice(0, end === -1 ? waiting.length : end);
}

/** Runs the preparations, at the same time. Messages that had been handled need none, and are done with here. */
async function prepareAll(deps: ProcessDeps, opened: readonly Attempt[]): Promise<Attempt[]> {
  const asking = opened.filter(({ delivery, apart }) => apart === undefined && needsPreparation(delivery.handler));
  const [first] = asking;
  if (first === undefined) return [...opened];
  if (!isOn(deps, 'inbox')) {
    await Promise.all(asking.map(prepare));
    return [...opened];
  }
  const ids = asking.map(({ delivery }) => delivery.event.metadata.id);
  // A hint: when it cannot be had, the claim will tell.
  const handled = await first.span.run(() => findHandled(deps.db, deps.consumer, ids)).catch(() => new Set<string>());
  const isDuplicate = ({ delivery, apart }: Attempt) => apart === undefined && handled.has(delivery.event.metadata.id);
  for (const attempt of opened.filter(isDuplicate)) endAttempt(deps, attempt, 'duplicate');
  await Promise.all(asking.filter((attempt) => !isDuplicate(attempt)).map(prepare));
  return opened.filter((attempt) => !isDuplicate(attempt));
}

async function prepare(attempt: Attempt): Promise<void> {
  const { delivery, context, span } = attempt;
  try {
    attempt.prepared = { value: await span.run(() => delivery.handler.prepare(delivery.event, context)) };
  } catch (error) {
    attempt.apart = { error };
  }
}

/** Those that stand apart, with what follows of their keys, and the others. */
function splitApart(attempts: readonly Attempt[]): { ready: Attempt[]; leftOver: Attempt[] } {
  const keys = new Set<string>();
  const ready: Attempt[] = [];
  const leftOver: Attempt[] = [];
  for (const attempt of attempts) {
    if (attempt.apart !== undefined) keys.add(attempt.delivery.key);
    (keys.has(attempt.delivery.key) ? leftOver : ready).push(attempt);
  }
  return { ready, leftOver };
}

/** Commits as many as can be; returns the others, their spans still open. */
async function settle(deps: ProcessDeps, attempts: readonly Attempt[]): Promise<Attempt[]> {
  const leftOver: Attempt[] = [];
  for (let remaining = attempts; remaining.length > 0; ) {
    const result = await commitBatch(deps, remaining);
    for (const attempt of result.handled) endAttempt(deps, attempt, 'handled');
    for (const attempt of result.duplicates) endAttempt(deps, attempt, 'duplicate');
    leftOver.push(...result.leftOver);
    const settled = new Set([...result.handled, ...result.duplicates, ...result.leftOver]);
    // It failed and nobody is to blame: each on its own.
    if (settled.size === 0) return [...leftOver, ...remaining];
    remaining = remaining.filter((attempt) => !settled.has(attempt));
  }
  return leftOver;
}

type BatchResult = { handled: readonly Attempt[]; duplicates: readonly Attempt[]; leftOver: readonly Attempt[] };

/** One transaction. Of whom it says nothing, those are to be tried again without the others. */
async function commitBatch(deps: ProcessDeps, attempts: readonly Attempt[]): Promise<BatchResult> {
  const [first] = attempts as [Attempt, ...Attempt[]];
  if (attempts.length > 1) {
    for (const { span } of attempts) span.span.setAttribute(names.messagingBatchCount, attempts.length);
  }
  let claims: Claim[] = [];
  try {
    // What the messages share is told in the trace of the first.
    const committed = await first.span.run(() =>
      deps.db.transaction(async (tx) => {
        claims = await claimAndApply(deps, tx, attempts);
        const complete = claims.every((claim) => claim === 'new') && attempts.every(({ apart }) => apart === undefined);
        if (!complete) tx.abandon();
        return complete;
      }),
    );
    if (committed) return { handled: attempts, duplicates: [], leftOver: [] };
  } catch (error) {
    // The transaction itself failed: the fault of the only one in it, and when the database is away, nobody's; all wait.
    claims = [];
    const affected = attempts.length === 1 || isAppError(error, 'unavailable') ? attempts : [];
    for (const attempt of affected) attempt.apart ??= { error };
  }
  const duplicates = attempts.filter((_, index) => claims[index] === 'duplicate');
  const parked = attempts.filter((_, index) => claims[index] === 'parked');
  const others = attempts.filter((attempt) => !duplicates.includes(attempt) && !parked.includes(attempt));
  return { handled: [], duplicates, leftOver: [...parked, ...splitApart(others).leftOver] };
}

/** Claims the messages and runs their handlers, as far as it makes sense to go on. */
async function claimAndApply(deps: ProcessDeps, tx: Tx, attempts: readonly Attempt[]): Promise<Claim[]> {
  const [wave, ...later] = inWaves(attempts) as [Attempt[], ...Attempt[][]];
  const messages = attempts.map(({ delivery: { event, key } }) => ({ id: event.metadata.id, key }));
  // Handlers do not wait for the claim's answer: their first statements travel in the same packet and run after it.
  // What a handler did to a message that turns out not to be ours is rolled back.
  const [claims] = await Promise.all([
    claimMessages(tx, deps.consumer, messages, isOn(deps, 'inbox')),
    applyWave(tx, wave),
  ]);
  for (const next of later) {
    const lost = claims.some((claim) => claim !== 'new') || attempts.some(({ apart }) => apart !== undefined);
    if (lost) break;
    await tx.flush();
    await applyWave(tx, next);
  }
  return claims;
}

/** Runs the handlers of a wave at the same time and marks who stands apart. Throws a lost race: all is done again. */
async function applyWave(tx: Tx, wave: readonly Attempt[]): Promise<void> {
  const unfinished = new Set(wave);
  const races: unknown[] = [];
  const guard = async (attempts: readonly Attempt[], work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (isAppError(error, 'conflict') && error.retryable) races.push(error);
      // Another statement failed before; that one tells whose fault it is.
      else if (!isFollowUp(error)) for (const attempt of attempts) attempt.apart = blame(attempts, error);
    }
    for (const attempt of attempts) unfinished.delete(attempt);
  };
  const parts = [...Map.groupBy(wave, ({ delivery }) => delivery.handler.applyAll)].flatMap(([applyAll, attempts]) =>
    applyAll === undefined
      ? attempts.map((attempt) => guard([attempt], () => applyOne(tx, attempt)))
      : [guard(attempts, () => applyAll(tx, attempts.map(toDelivered)))],
  );
  await withDeadline(Promise.all(parts), waveDeadlineMs);
  if (races.length > 0) throw races[0];
  for (const attempt of unfinished) attempt.apart = 'unclear';
}

function blame(attempts: readonly Attempt[], error: unknown): Attempt['apart'] {
  return attempts.length === 1 ? { error } : 'unclear';
}

function applyOne(tx: Tx, { delivery, span, prepared, context }: Attempt): Promise<void> {
  return span.run(async () => delivery.handler.apply(tx, delivery.event, prepared?.value, context));
}

function toDelivered({ delivery, context }: Attempt): DeliveredEvent {
  return { event: delivery.event, context };
}

/** Waits for `work`, but no longer than this. */
async function withDeadline(work: Promise<unknown>, deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, deadlineMs);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
