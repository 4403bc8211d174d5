import type { Span } from '#contracts/telemetry/query.ts';

/** Spans in the order of reading: each under its parent, siblings by start; one whose parent is missing is a root. */
export function orderSpans(spans: readonly Span[]): { span: Span; depth: number }[] {
  const ids = new Set(spans.map((span) => span.spanId));
  const children = Map.groupBy(spans, (span) =>
    span.parentSpanId !== null && ids.has(span.parentSpanId) ? span.parentSpanId : '',
  );
  const ordered: { span: Span; depth: number }[] = [];
  const stack = byStart(children.get('') ?? []).map((span) => ({ span, depth: 0 }));
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    ordered.push(next);
    const depth = next.depth + 1;
    stack.push(...byStart(children.get(next.span.spanId) ?? []).map((span) => ({ span, depth })));
  }
  return ordered;
}

/** The latest first, because the stack is read from its end. Nanoseconds of one length compare as text. */
function byStart(spans: readonly Span[]): Span[] {
  return spans.toSorted((a, b) => (a.startUnixNano < b.startUnixNano ? 1 : a.startUnixNano > b.startUnixNano ? -1 : 0));
}
