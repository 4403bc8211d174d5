/** One supervisor per state directory. The lock names a process by pid and start mark, so a dead holder is known as such. */
import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
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
      await removeStale(file, draft);
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
 * Removes a lock whose holder is dead. Two starters may both have seen it, and the slower must not throw away the lock
 * that the faster has just taken: so removing has a lock of its own, and whoever has it looks again. A stale lock that
 * exists cannot turn into a fresh one, because only removing makes room.
 */
async function removeStale(file: string, draft: string): Promise<void> {
  const removing = `${file}.removing`;
  if (!(await tryLink(draft, removing))) {
    // Its holder is at it, unless it died there too.
    if (await isStale(removing)) await rm(removing, { force: true });
    else await delay(2);
    return;
  }
  try {
    if (await isStale(file)) await rm(file, { force: true });
  } finally {
    await rm(removing, { force: true });
  }
}

/** True for a file that is there and names no living process. */
async function isStale(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return false;
  const holder = parseHolder(text);
  return holder === null || (await startMark(holder.pid)) !== holder.mark;
}

async function readHolder(file: string): Promise<Holder | null> {
  return parseHolder(await readFile(file, 'utf8').catch(() => ''));
}

function parseHolder(text: string): Holder | null {
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
