import type { Tolerance } from './experiment-file.ts';

/** `running`, `at least 1`, `0 to 5`. */
export function toleranceText(tolerance: Tolerance): string {
  if (!Array.isArray(tolerance)) return String(tolerance);
  const [least, most] = tolerance;
  if (least === null) return most === null ? 'any number' : `at most ${most}`;
  return most === null ? `at least ${least}` : `${least} to ${most}`;
}

/** Seconds from the start of the method, signed: `+4.2 s`. */
export function offsetText(run: { methodAt: string | null; startedAt: string }, at: string): string {
  const seconds = (Date.parse(at) - Date.parse(run.methodAt ?? run.startedAt)) / 1_000;
  return `${seconds < 0 ? '−' : '+'}${Math.abs(seconds).toFixed(1)} s`;
}
