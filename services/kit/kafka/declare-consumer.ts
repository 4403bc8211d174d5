import type { Database } from '../postgres/database.ts';
import type { Service } from '../service.ts';
import type { ConsumerCounts } from './attempt.ts';

type Watched = { db: Database; groupId: string; counts: ConsumerCounts };

/** Keys that wait for somebody, the longest first, and how many messages wait behind each. */
const parkedKeys = `select key, count(*)::int as messages, min(parked_at) as since, min(error) as error
  from parked where consumer = $1 and released_at is null group by key order by since limit 50`;

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
    description: 'Keeps what cannot be handled, with its error, and parks its key until somebody decides.',
    threatens: ['L8', 'S13', 'L1'],
  });
  patterns.observe('dead-letter', async () => {
    const { rows } = await db.query<{ key: string; messages: number; since: string; error: string }>(parkedKeys, [
      groupId,
    ]);
    const totals = { name: groupId, facts: { parked: counts.parked, dropped: counts.dropped, keys: rows.length } };
    return [totals, ...rows.map(({ key, ...facts }) => ({ name: key, facts }))];
  });
  patterns.declare('dependency-pause', {
    description: 'Waits at the message while a dependency is away, rather than burning the backlog into dead letters.',
    threatens: ['L1', 'L8'],
  });
  patterns.observe('dependency-pause', () => [{ name: groupId, facts: { retries: counts.retries } }]);
}
