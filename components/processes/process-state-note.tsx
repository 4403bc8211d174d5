'use client';

import { useNow } from '#components/hooks/use-now.ts';
import type { ProcessStatus } from '#contracts/sandbox/control.ts';

/** What a process in trouble waits for, as a few words beside its state; null while there is nothing to say. */
export function stateNote(process: ProcessStatus, nowMs: number | null): string | null {
  if (process.state === 'waiting' && process.waitingFor.length > 0) return `for ${process.waitingFor.join(', ')}`;
  if (process.nextStartAt !== null && nowMs !== null) {
    const seconds = Math.ceil((Date.parse(process.nextStartAt) - nowMs) / 1000);
    if (seconds > 0) return `in ${seconds} s`;
  }
  if (process.state === 'running' || process.state === 'stopping' || process.state === 'stopped') return null;
  return process.reason?.split('\n')[0] ?? null;
}

export function ProcessStateNote({ process }: { process: ProcessStatus }) {
  const note = stateNote(process, useNow(1000));
  if (note === null) return null;
  return (
    <span title={note} className="min-w-0 truncate text-tertiary max-md:hidden">
      {note}
    </span>
  );
}
