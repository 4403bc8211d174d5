/** Plain text for the terminal: aligned columns, durations, sizes, the one use of colour. */
import { styleText } from 'node:util';
import type { ProcessState } from '#contracts/sandbox/control.ts';

/** Rows as aligned columns; numbers-like cells (starting with a digit) to the right. */
export function columns(rows: readonly (readonly string[])[], rightAligned: readonly number[] = []): string {
  const widths = (rows[0] ?? []).map((_cell, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, index) => {
          const width = widths[index] ?? 0;
          return rightAligned.includes(index) ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1_000)} s`;
  return `${Math.floor(ms / 3_600_000)} h ${Math.floor((ms % 3_600_000) / 60_000)} min`;
}

export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MiB`;
}

/** A word in the colour of its state, where the terminal shows colour. */
export function stateWord(state: ProcessState, text: string = state): string {
  const colour = {
    running: 'green',
    degraded: 'yellow',
    backoff: 'yellow',
    paused: 'yellow',
    'crash-loop': 'red',
    failed: 'red',
    starting: 'cyan',
    waiting: 'gray',
    stopping: 'gray',
    stopped: 'gray',
  } as const satisfies Record<ProcessState, string>;
  return styleText(colour[state], text, { stream: process.stdout });
}

/** Span times: `640 µs`, `12.4 ms`, `1.53 s`. */
export function nanoseconds(value: number): string {
  if (value < 1_000_000) return `${Math.round(value / 1_000)} µs`;
  if (value < 1_000_000_000) return `${(value / 1_000_000).toFixed(1)} ms`;
  return `${(value / 1_000_000_000).toFixed(2)} s`;
}
