import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FaultWindow } from '#contracts/telemetry/faults.ts';
import type { Log } from '#sandbox/log.ts';

/**
 * The faults last told of, on disk: after a restart spans arrive before the supervisor has told them again. Written
 * in one go, or not at all.
 */
export function createWindowsFile(folder: string, log: Log) {
  const file = join(folder, 'faults.json');
  return {
    read(): FaultWindow[] {
      try {
        return z.array(FaultWindow).parse(JSON.parse(readFileSync(file, 'utf8')));
      } catch {
        return [];
      }
    },
    write(windows: readonly FaultWindow[]): void {
      try {
        writeFileSync(`${file}.new`, JSON.stringify(windows), { mode: 0o600 });
        renameSync(`${file}.new`, file);
      } catch (error) {
        log.error('faults could not be written', { reason: String(error).slice(0, 300) });
      }
    },
  };
}
