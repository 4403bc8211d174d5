import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { FaultWindow } from '#contracts/telemetry/faults.ts';
import type { SpanRecord } from '../records.ts';
import { subjectOf, touch } from './touch.ts';

/** The spans of one trace, those that a fault touched marked: for spans that nobody could mark on their way in. */
export function markTouched(spans: readonly SpanRecord[], windows: readonly FaultWindow[]): SpanRecord[] {
  if (windows.length === 0) return [...spans];
  const sent = new Map(spans.filter(({ kind }) => kind === 'producer').map((span) => [span.spanId, span.startNano]));
  return spans.map((span) => {
    // Whoever marked it was there when it happened.
    if (span.attributes[names.chaosFaultKind] !== undefined) return span;
    const subject = subjectOf(span, span.kind === 'consumer' ? (sent.get(span.parentSpanId ?? '') ?? null) : null);
    const window = windows.find((one) => touch(one, subject) === 'yes');
    return window === undefined ? span : marked(span, window);
  });
}

/** The span with the fault that touched it. */
export function marked(span: SpanRecord, { id, kind }: FaultWindow): SpanRecord {
  return { ...span, attributes: { ...span.attributes, [names.chaosFaultId]: id, [names.chaosFaultKind]: kind } };
}
