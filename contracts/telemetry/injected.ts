/**
 * Errors by cause, without zod: the browser counts them too. A failed span is *injected* when a fault touched it, or one
 * of its descendants and every span between the two still ran when the touched one began: then the failure was handed
 * up, or may have been. Else it is *organic*. Who sends a message has ended when its handling begins, and is not blamed.
 */
import { attributes as names } from './attributes.ts';
import type { Attributes, Span } from './query.ts';

/** A fault as a span names it; a failpoint that was armed by hand has no id. */
export type TouchedBy = { id: string | null; kind: string };

/** The fault that touched a span with these attributes, or null. */
export function touchedBy(attributes: Attributes): TouchedBy | null {
  const kind = attributes[names.chaosFaultKind];
  if (kind === undefined) return null;
  const id = attributes[names.chaosFaultId];
  return { id: id === undefined ? null : String(id), kind: String(kind) };
}

/** What the rule looks at. Epoch nanoseconds. */
type Facts = { spanId: string; parentSpanId: string | null; startNano: bigint; endNano: bigint; touched: boolean };

/** What is remembered under the id of a span. */
export type Known<Failure> = {
  /** Null while only descendants have arrived. */
  arrived: { parentSpanId: string | null; endNano: bigint } | null;
  /** Start of the first touched span that it waited for; its own when it was touched. */
  touchedFrom: bigint | null;
  /** Its failure, while it looks organic. */
  failure: Failure | null;
};

/** Where spans are remembered by id; what it forgets is taken for not touched. */
export type Memory<Failure> = {
  get(spanId: string): Known<Failure> | undefined;
  set(spanId: string, known: Known<Failure>): void;
};

/**
 * Tells injected failures from spans in any order: `found` is called once for each, as soon as the spans that prove it
 * have been taken. `failure` is null for a span that did not fail.
 */
export function createInjectedErrors<Failure>(memory: Memory<Failure>, found: (failure: Failure) => void) {
  /** Hands a touch up, to where nobody waited for it or a span has not arrived yet. */
  function handUp(spanId: string | null, from: bigint): void {
    for (let id = spanId; id !== null; ) {
      const known = memory.get(id);
      if (known === undefined) memory.set(id, { arrived: null, touchedFrom: from, failure: null });
      if (known === undefined || (known.touchedFrom !== null && known.touchedFrom <= from)) return;
      if (known.arrived !== null && from > known.arrived.endNano) return;
      known.touchedFrom = from;
      if (known.failure !== null) found(known.failure);
      known.failure = null;
      id = known.arrived?.parentSpanId ?? null;
    }
  }
  return {
    take({ spanId, parentSpanId, startNano, endNano, touched }: Facts, failure: Failure | null): void {
      const below = memory.get(spanId)?.touchedFrom ?? null;
      memory.set(spanId, { arrived: { parentSpanId, endNano }, touchedFrom: null, failure });
      if (below !== null) handUp(spanId, below);
      if (touched) handUp(spanId, startNano);
    },
  };
}

/** How many of a trace's spans are injected failures. */
export function countInjected(spans: readonly Span[]): number {
  let count = 0;
  const errors = createInjectedErrors<true>(new Map<string, Known<true>>(), () => {
    count++;
  });
  for (const { spanId, parentSpanId, startUnixNano, durationNano, status, attributes } of spans) {
    const startNano = BigInt(startUnixNano);
    const endNano = startNano + BigInt(Math.round(durationNano));
    const touched = touchedBy(attributes) !== null;
    errors.take({ spanId, parentSpanId, startNano, endNano, touched }, status === 'error' || null);
  }
  return count;
}
