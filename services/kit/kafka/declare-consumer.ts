import { listParked } from '../inbox/replay.ts';
import type { Database } from '../postgres/database.ts';
import type { Service } from '../service.ts';
import type { ConsumerCounts } from './attempt.ts';

type Watched = { db: Database; groupId: string; counts: ConsumerCounts };

/** Parked keys that are shown, those that wait longest. */
const shownKeys = 50;

/** Declares what a consumer does about duplicates, failures and dead dependencies, with its figures and switches. */
export function declareConsumer({ patterns }: Service, { db, groupId, counts }: Watched): void {
  patterns.declare('inbox', {
    description: 'Remembers each message in the transaction of its effect, so that a second delivery has none.',
    threatens: ['S6', 'S3'],
  });
  patterns.observe('inbox', () => [
    { name: groupId, facts: { handled: counts.handled, duplicatesAbsorbed: counts.duplicates } },
  ]);
  patterns.declare('dead-letter', {
    description:
      'Sets a message that failed aside, with its key: it is tried again later, and what cannot be handled is kept with its error until somebody decides.',
    threatens: ['L8', 'L11', 'S13', 'L1'],
  });
  patterns.observe('dead-letter', async () => {
    const keys = await listParked(db, groupId);
    const { parked, dropped } = counts;
    const later = keys.filter(({ dueAt }) => dueAt !== null).length;
    const totals = { name: groupId, facts: { parked, dropped, keys: keys.length - later, keysTriedLater: later } };
    const shown = keys
      .slice(0, shownKeys)
      .map(({ key, consumer, messages, event, parkedAt, replayingSince, attempts, dueAt, error }) => ({
        name: key,
        facts: { consumer, messages, event, parkedAt, attempts, dueAt, replayedAt: replayingSince, error },
      }));
    return [totals, ...shown];
  });
  patterns.declare('dependency-pause', {
    description: 'Waits at the message while a dependency is away, rather than burning the backlog into dead letters.',
    threatens: ['L1', 'L8'],
  });
  patterns.observe('dependency-pause', () => [{ name: groupId, facts: { retries: counts.retries } }]);
}
