import type { Span } from '#contracts/telemetry/query.ts';

/** Epoch nanoseconds at which traces of tests begin: more digits than a number holds. */
export const testOriginNano = 1_795_348_402_885_000_001n;

export type TestSpan = Partial<Omit<Span, 'spanId' | 'startUnixNano' | 'durationNano'>> & {
  parent?: string | null;
  at?: number;
  ms?: number;
};

/** A span for tests: `span('b', { parent: 'a', at: 3, ms: 10 })`, times in milliseconds after the origin. */
export function span(id: string, { parent = null, at = 0, ms = 1, ...rest }: TestSpan = {}): Span {
  return {
    traceId: 'a'.repeat(32),
    spanId: id,
    parentSpanId: parent,
    name: id,
    kind: 'internal',
    service: 'orders',
    startUnixNano: String(testOriginNano + BigInt(Math.round(at * 1e6))),
    durationNano: ms * 1e6,
    status: 'unset',
    statusMessage: null,
    scope: 'test',
    attributes: {},
    resource: {},
    events: [],
    links: [],
    ...rest,
  };
}
