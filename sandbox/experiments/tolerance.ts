import type { Tolerance } from '#contracts/sandbox/experiment-file.ts';

export type Figure = number | string | boolean | null;

/** Whether a figure is as it must be; what could not be measured never is. */
export function isWithin(figure: Figure, tolerance: Tolerance): boolean {
  if (!Array.isArray(tolerance)) return figure === tolerance;
  const [least, most] = tolerance;
  return typeof figure === 'number' && (least === null || figure >= least) && (most === null || figure <= most);
}

/** `running`, `at least 1`, `0 to 5`. */
export function toleranceText(tolerance: Tolerance): string {
  if (!Array.isArray(tolerance)) return String(tolerance);
  const [least, most] = tolerance;
  if (least === null) return most === null ? 'any number' : `at most ${most}`;
  return most === null ? `at least ${least}` : `${least} to ${most}`;
}
