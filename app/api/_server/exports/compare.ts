import { diffLines } from 'diff';
import type { ExportFile } from '#contracts/sandbox/export.ts';

/** One file of an export beside the same file of another. */
export type ComparedFile = {
  path: string;
  sizeBytes: number;
  change: 'same' | 'changed' | 'added' | 'removed';
  linesAdded: number;
  linesRemoved: number;
};

/** Every path of either, in order. */
export function compareExports(before: readonly ExportFile[], after: readonly ExportFile[]): ComparedFile[] {
  const old = contents(before);
  const current = contents(after);
  return [...new Set([...old.keys(), ...current.keys()])]
    .sort()
    .map((path) => compareFile(path, old.get(path), current.get(path)));
}

function compareFile(path: string, old: string | undefined, current: string | undefined): ComparedFile {
  const sizeBytes = Buffer.byteLength(current ?? '');
  if (old === current) return { path, sizeBytes, change: 'same', linesAdded: 0, linesRemoved: 0 };
  const parts = diffLines(old ?? '', current ?? '');
  const count = (kind: 'added' | 'removed') => parts.reduce((sum, part) => sum + (part[kind] ? part.count : 0), 0);
  return {
    path,
    sizeBytes,
    change: old === undefined ? 'added' : current === undefined ? 'removed' : 'changed',
    linesAdded: count('added'),
    linesRemoved: count('removed'),
  };
}

function contents(files: readonly ExportFile[]): Map<string, string> {
  return new Map(files.map((file) => [file.path, file.content]));
}
