/**
 * Errors by cause, without zod: the browser counts them too. An error is *injected* when its trace holds a span that a
 * fault touched and that began before the error ended; else it is *organic*.
 */
import { attributes as names } from './attributes.ts';
import type { Attributes } from './query.ts';

/** A fault as a span names it; a failpoint that was armed by hand has no id. */
export type TouchedBy = { id: string | null; kind: string };

/** The fault that touched a span with these attributes, or null. */
export function touchedBy(attributes: Attributes): TouchedBy | null {
  const kind = attributes[names.chaosFaultKind];
  if (kind === undefined) return null;
  const id = attributes[names.chaosFaultId];
  return { id: id === undefined ? null : String(id), kind: String(kind) };
}

/** `touchedFrom`: start of the first touched span of the error's trace. Epoch nanoseconds. */
export function isInjected(errorEnd: bigint, touchedFrom: bigint | null): boolean {
  return touchedFrom !== null && touchedFrom <= errorEnd;
}
