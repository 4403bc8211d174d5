import { type FileHandle, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#contracts/errors.ts';
import type { HistoryLine } from '#contracts/sandbox/load.ts';

export type History = {
  write(line: HistoryLine): void;
  /** Rejects with what went wrong on the way to the disk. */
  close(): Promise<void>;
};

/** Lines wait for at most this long: what a killed generator can lose. */
const flushEveryMs = 50;

/**
 * Appends lines to a new file (mode 0600). Throws `conflict` when the file exists: a history is never mixed with
 * another one. `onError` hears once of a disk that does not take lines; later ones are dropped then.
 */
export async function openHistory(file: string, onError: (error: Error) => void): Promise<History> {
  const handle = await createHistoryFile(file);
  let waiting: string[] = [];
  let failure: Error | null = null;
  let writing: Promise<void> = Promise.resolve();
  const flush = () => {
    if (waiting.length === 0 || failure !== null) return;
    const text = waiting.join('');
    waiting = [];
    writing = writing
      .then(() => handle.appendFile(text))
      .catch((error: Error) => {
        if (failure === null) onError(error);
        failure ??= error;
      });
  };
  const timer = setInterval(flush, flushEveryMs);
  return {
    write(line) {
      waiting.push(`${JSON.stringify(line)}\n`);
    },
    async close() {
      clearInterval(timer);
      flush();
      await writing;
      await handle.close();
      if (failure !== null) throw failure;
    },
  };
}

/** A new file and the folders that lead to it. Throws `conflict` when it exists, `invalid_argument` when it cannot be written. */
export async function createHistoryFile(file: string): Promise<FileHandle> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    return await open(file, 'ax', 0o600);
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST' && syscall === 'open')
      throw new AppError('conflict', `${file} exists: name another file, or remove it`, { cause });
    throw new AppError('invalid_argument', `${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
}
