import { strToU8, zipSync } from 'fflate';
import type { ExportFile } from '#contracts/sandbox/export.ts';

/** First day that a zip can name: the same files are the same archive, whenever and wherever it is made. */
const epoch = new Date(1980, 0, 1);

export function zipExport(files: readonly ExportFile[]): Uint8Array<ArrayBuffer> {
  const entries = Object.fromEntries(files.map(({ path, content }) => [path, strToU8(content)]));
  return zipSync(entries, { mtime: epoch, level: 6 }) as Uint8Array<ArrayBuffer>;
}
