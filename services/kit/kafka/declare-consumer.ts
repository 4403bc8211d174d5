import type { RetryTier } from '#contracts/events/topics.ts';
import type { ParkedKey } from '#contracts/sandbox/control-channel.ts';
import { listParked } from '../inbox/replay.ts';
import type { Database } from '../postgres/database.ts';
import type { Service } from '../service.ts';
import type { ConsumerCounts } from './attempt.ts';

type Watched = { db: Database; groupId: string; counts: ConsumerCounts; tiers: readonly RetryTier[] };

/** Parked keys that are shown, those that wait longest. */
const shownKeys = 50;

/** Declares what a consumer does about duplicates, failures and dead dependencies, with its figures and switches. */
export function declareConsumer({ patterns }: Service, { db, groupId, counts, tiers }: Watched): void {
  patterns.declare('inbox', {
    description: 'Remembers each message in the transaction of its effect, so that a second delivery has none.',
    threatens: ['S6', 'S3'],
  });
  patterns.observe('inbox', () => [
    { name: groupId, facts: { handled: counts.handled, duplicatesAbsorbed: counts.duplicates } },
  ]);
  patterns.declare('retry-topic', {
    description: 'Tries a message that failed for a reason of its own again later, its key behind it, the others not.',
    threatens: ['L1', 'L6'],
  });
  patterns.observe('retry-topic', async () => {
    const keys = (await listParked(db, groupId)).filter(isTriedLater);
    const delays = tiers.map(({ name }) => name).join(', ');
    const totals = { name: groupId, facts: { delays, sent: counts.later, keys: keys.length } };
    const shown = keys.slice(0, shownKeys).map(({ key, consumer, messages, event, attempts, dueAt, error }) => ({
      name: key,
      facts: { consumer, messages, event, attempts, dueAt, error },
    }));
    return [totals, ...shown];
  });
  patterns.declare('dead-letter', {
    description: 'Keeps what cannot be handled, with its error, and parks its key until somebody decides.',
    threatens: ['L8', 'L11', 'S13', 'L1'],
  });
  patterns.observe('dead-letter', async () => {
    const keys = (await listParked(db, groupId)).filter((key) => !isTriedLater(key));
    const totals = { name: groupId, facts: { parked: counts.parked, dropped: counts.dropped, keys: keys.length } };
    const shown = keys
      .slice(0, shownKeys)
      .map(({ key, consumer, messages, event, parkedAt, replayingSince, error }) => ({
        name: key,
        facts: { consumer, messages, event, parkedAt, replayedAt: replayingSince, error },
      }));
    return [totals, ...shown];
  });
  patterns.declare('dependency-pause', {
    description: 'Waits at the message while a dependency is away, rather than burning the backlog into dead letters.',
    threatens: ['L1', 'L8'],
  });
  patterns.observe('dependency-pause', () => [{ name: groupId, facts: { retries: counts.retries } }]);
}

function isTriedLater({ dueAt }: ParkedKey): boolean {
  return dueAt !== null;
}
