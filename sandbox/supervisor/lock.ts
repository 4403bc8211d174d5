/** One supervisor per state directory. The lock names a process by pid and start mark, so a dead holder is known as such. */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { startMark } from './process-table.ts';

const Holder = z.object({ pid: z.int(), mark: z.string() });
export type Holder = z.infer<typeof Holder>;

/** The living holder of the lock, or null. */
export async function lockHolder(file: string): Promise<Holder | null> {
  const holder = await readHolder(file);
  return holder !== null && (await startMark(holder.pid)) === holder.mark ? holder : null;
}

/** Takes the lock. Returns a function that gives it back, or the living process that has it. */
export async function takeLock(file: string): Promise<{ release: () => Promise<void> } | { holder: Holder }> {
  const mark = (await startMark(process.pid)) ?? 'unknown';
  const draft = `${file}.${process.pid}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify({ pid: process.pid, mark }), { mode: 0o600 });
  try {
    for (;;) {
      if (await tryLink(draft, file)) {
        return { release: () => rm(file, { force: true }) };
      }
      const holder = await lockHolder(file);
      if (holder !== null) return { holder };
      await removeStale(file);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** `link` fails where the name exists, and the file appears with its content: there is no half-written lock. */
async function tryLink(draft: string, lock: string): Promise<boolean> {
  try {
    await link(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Moves the stale lock aside and looks at what was moved: two starters may both have seen the stale one, and the
 * slower must not throw away the lock that the faster has just taken.
 */
async function removeStale(lock: string): Promise<void> {
  const aside = `${lock}.stale.${process.pid}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readHolder(aside);
  if (moved !== null && (await startMark(moved.pid)) === moved.mark) await tryLink(aside, lock);
  await rm(aside, { force: true });
}

async function readHolder(file: string): Promise<Holder | null> {
  try {
    return Holder.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}
