import { type Context, SpanKind } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { calleeOf } from './spans.ts';

/**
 * Names the callee of every client span, so that edges of the map need no guessing, and HTTP client spans after the
 * route (`POST /v1/charges`) where the caller knows it: the path alone would make a name per order.
 */
export function peerProcessor(peers: ReadonlyMap<string, string>): SpanProcessor {
  return {
    onStart(span: Span, parent: Context) {
      if (span.kind !== SpanKind.CLIENT) return;
      const callee = calleeOf(parent);
      const peer = callee?.peer ?? peerByAttributes(span, peers);
      if (peer !== undefined) span.setAttribute(names.peerService, peer);
      if (callee?.route !== undefined && span.attributes[names.httpRequestMethod] !== undefined) {
        span.updateName(`${callee.route.method} ${callee.route.path}`);
        span.setAttribute(names.urlTemplate, callee.route.path);
      }
    },
    onEnd() {},
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

function peerByAttributes(span: ReadableSpan, peers: ReadonlyMap<string, string>): string | undefined {
  const { attributes } = span;
  if (attributes[names.dbSystem] !== undefined || attributes['db.system'] !== undefined) return 'postgres';
  return peers.get(`${attributes[names.serverAddress]}:${attributes[names.serverPort]}`);
}

/** Counts finished spans per instrumentation scope, and keeps the self-check's own trace out of the export. */
export type SpanLedger = SpanProcessor & {
  countByScope: ReadonlyMap<string, number>;
  /** Spans of this trace are counted in `countByScope` of the watch, and not exported. */
  watch(traceId: string): ReadonlyMap<string, number>;
  unwatch(): void;
};

export function createSpanLedger(exporting: SpanProcessor): SpanLedger {
  const countByScope = new Map<string, number>();
  let watched: { traceId: string; counts: Map<string, number> } | undefined;
  return {
    countByScope,
    watch(traceId) {
      watched = { traceId, counts: new Map() };
      return watched.counts;
    },
    unwatch() {
      watched = undefined;
    },
    onStart: (span, parent) => exporting.onStart(span, parent),
    onEnd(span) {
      const scope = span.instrumentationScope.name;
      if (watched !== undefined && span.spanContext().traceId === watched.traceId) {
        watched.counts.set(scope, (watched.counts.get(scope) ?? 0) + 1);
        return;
      }
      countByScope.set(scope, (countByScope.get(scope) ?? 0) + 1);
      exporting.onEnd(span);
    },
    forceFlush: () => exporting.forceFlush(),
    shutdown: () => exporting.shutdown(),
  };
}
