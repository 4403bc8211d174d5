import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { writeSecrets } from './write-secrets.ts';

test('secrets are read-only files, and a job that died halfway is no obstacle to the next', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'orrery-secrets-'));
  try {
    await writeSecrets(directory, { 'orders/TOKEN': 'first' });
    // Stands for a file that may not be written to, which root always may.
    symlinkSync('/nowhere/at/all', path.join(directory, 'orders/TOKEN.new'));
    await writeSecrets(directory, { 'orders/TOKEN': 'second', 'billing/TOKEN': 'other' });
    const file = path.join(directory, 'orders/TOKEN');
    expect(readFileSync(file, 'utf8')).toBe('second');
    expect(statSync(file).mode & 0o777).toBe(0o444);
    expect(readFileSync(path.join(directory, 'billing/TOKEN'), 'utf8')).toBe('other');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
