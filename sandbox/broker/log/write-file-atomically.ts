import fs from 'node:fs';

/** Replaces a file so that a crash leaves either the old or the new content. Synchronous; reaches the disk. */
export function writeFileAtomically(file: string, content: string): void {
  const fd = fs.openSync(`${file}.new`, 'w', 0o600);
  try {
    fs.writeSync(fd, content);
    fs.fdatasyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
  fs.renameSync(`${file}.new`, file);
}
