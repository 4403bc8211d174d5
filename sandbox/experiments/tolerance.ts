import type { Tolerance } from '#contracts/sandbox/experiment-file.ts';

export type Figure = number | string | boolean | null;

/** Whether a figure is as it must be; what could not be measured never is. */
export function isWithin(figure: Figure, tolerance: Tolerance): boolean {
  if (!Array.isArray(tolerance)) return figure === tolerance;
  const [least, most] = tolerance;
  return typeof figure === 'number' && (least === null || figure >= least) && (most === null || figure <= most);
}
