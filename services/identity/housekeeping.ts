import type { Logger } from '#kit/logger.ts';
import type { Database } from '#kit/postgres/database.ts';
import type { KeyRing } from './key-ring.ts';
import { deleteExpired } from './store.ts';

export type HousekeepingDeps = { database: Database; keyRing: KeyRing; log: Logger; rotateAfterMs: number };

/** Drops expired records and rotates a signing key that has served its time. */
export async function tidy({ database, keyRing, log, rotateAfterMs }: HousekeepingDeps): Promise<void> {
  const deleted = await deleteExpired(database);
  if (deleted > 0) log.debug({ deleted }, 'expired records deleted');
  const [active] = keyRing.keys();
  if (active === undefined || Date.now() - active.createdAt.getTime() < rotateAfterMs) return;
  const keys = await keyRing.rotate();
  log.info({ kid: keys[0]?.kid }, 'signing key rotated');
}
