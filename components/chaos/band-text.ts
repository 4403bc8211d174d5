import { durationText } from '#components/format/duration.ts';
import type { FaultBand } from './fault-bands.ts';

/** One band in words, counted from an instant: `Crash on billing, from 1.2 s to 3 s`. */
export function bandText({ title, target, whole }: FaultBand, originMs: number): string {
  const from = offset(whole.fromMs - originMs);
  return `${title} on ${target}, ${whole.toMs === null ? `since ${from}, still on` : `from ${from} to ${offset(whole.toMs - originMs)}`}`;
}

/** All bands as a sentence for readers who do not see them; empty without any. */
export function bandsText(bands: readonly FaultBand[], originMs: number): string {
  if (bands.length === 0) return '';
  return `Faults on purpose: ${bands.map((band) => bandText(band, originMs)).join('; ')}.`;
}

function offset(ms: number): string {
  return ms < 0 ? `−${durationText(-ms)}` : durationText(ms);
}
