import type { EventName } from './events.ts';

/** Turns the data of one major version of an event into data of the next. */
export type Upcaster = (data: Record<string, unknown>) => Record<string, unknown>;

/**
 * Older major versions that are still read, by event and by the major version that they start from. A topic keeps what
 * was written before an upgrade, and during one both versions are written side by side; whoever reads only ever sees the
 * newest, because every message goes through here first. Producers write the newest only.
 */
export const upcasters: Partial<Record<EventName, Readonly<Record<number, Upcaster>>>> = {
  'invoice.issued': {
    // 2.0.0 promises the fingerprint of the PDF. What was issued before has none on record.
    1: (data) => ({ ...data, sha256: null }),
  },
};

/** The data as the newest major version has it; null when a version on the way is not known. */
export function upcast(
  event: EventName,
  data: Record<string, unknown>,
  from: number,
  to: number,
): Record<string, unknown> | null {
  let current = data;
  for (let major = from; major < to; major += 1) {
    const step = upcasters[event]?.[major];
    if (step === undefined) return null;
    current = step(current);
  }
  return from > to ? null : current;
}
