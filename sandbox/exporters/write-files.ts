import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#contracts/errors.ts';
import type { ExportFile } from '#contracts/sandbox/export.ts';

/**
 * Throws `invalid_argument` when a folder cannot take an export: it is a file, or holds something. An export never
 * overwrites, so that edits are not lost; render beside them and compare.
 */
export async function assertEmptyFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new AppError('invalid_argument', `output folder ${folder} cannot be used: ${error.message}`, {
      cause: error,
    });
  });
  if (found === null) return;
  if (!found.isDirectory()) throw new AppError('invalid_argument', `output folder ${folder} is a file`);
  const [first] = await readdir(folder);
  if (first !== undefined) {
    throw new AppError('invalid_argument', `output folder ${folder} is not empty: it holds ${first}; name a new one`);
  }
}

/** Writes the files below `folder`, which assertEmptyFolder has passed. */
export async function writeFiles(folder: string, files: readonly ExportFile[]): Promise<void> {
  for (const file of files) {
    const target = path.join(folder, file.path);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, file.content);
  }
}
