import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { isAppError } from '#contracts/errors.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';

export type { Attributes, Span } from '@opentelemetry/api';
export { SpanKind } from '@opentelemetry/api';

const calleeKey = createContextKey('orrery.callee');

/** Headers that carry a trace context between processes and through the outbox. */
export type TraceHeaders = { traceparent?: string; tracestate?: string };

export type SpanOptions = {
  kind?: SpanKind;
  attributes?: Attributes;
  /** Parent; the active span when absent. */
  parent?: TraceHeaders;
};

/** Instrumentation scope of the spans that the kit makes by hand. */
export const scope = 'orrery.kit';

export function tracer() {
  return trace.getTracer(scope);
}

/** A span that its opener ends. */
export type OpenSpan = {
  span: Span;
  /** Runs `fn` with the span active. */
  run<T>(fn: () => T): T;
};

/** Starts a span whose work is not one function call. */
export function openSpan(name: string, options: SpanOptions): OpenSpan {
  const parent = options.parent === undefined ? context.active() : contextFrom(options.parent);
  const span = tracer().startSpan(
    name,
    { kind: options.kind ?? SpanKind.INTERNAL, attributes: options.attributes ?? {} },
    parent,
  );
  const active = trace.setSpan(parent, span);
  return { span, run: (fn) => context.with(active, fn) };
}

/** Runs `fn` inside a new active span; an error marks the span and is passed on. */
export async function withSpan<T>(name: string, options: SpanOptions, fn: (span: Span) => Promise<T>): Promise<T> {
  const { span, run } = openSpan(name, options);
  try {
    return await run(() => fn(span));
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Marks a span as failed, with the semconv error and exception attributes. */
export function failSpan(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.setAttribute(names.errorType, isAppError(error) ? error.code : error instanceof Error ? error.name : 'Error');
  span.recordException(error instanceof Error ? error : message);
}

/** Runs `fn` without recording spans: relay polling, health probes, what is not part of anybody's request. */
export function withoutTracing<T>(fn: () => T): T {
  return context.with(suppressTracing(ROOT_CONTEXT), fn);
}

/** Who is being called, and by which route: `{ method: 'GET', path: '/orders/:id' }`. */
export type Callee = { peer: string; route?: { method: string; path: string } };

/** Runs `fn` so that client spans started in it say whom they call, and HTTP ones are named after the route. */
export function withCallee<T>(callee: Callee, fn: () => T): T {
  return context.with(context.active().setValue(calleeKey, callee), fn);
}

export function calleeOf(parent: Context): Callee | undefined {
  return parent.getValue(calleeKey) as Callee | undefined;
}

/** Trace context of the active span (or of `span`), for a header or an outbox row; empty when there is none. */
export function traceHeaders(span?: Span): TraceHeaders {
  const carrier: Record<string, string> = {};
  propagation.inject(span === undefined ? context.active() : trace.setSpan(ROOT_CONTEXT, span), carrier);
  return carrier;
}

/** A context whose parent span is the one in the headers. */
export function contextFrom(headers: TraceHeaders): Context {
  return propagation.extract(ROOT_CONTEXT, headers);
}

/** Sets attributes on the active span, if there is one: `annotate({ [attributes.orderId]: id })`. */
export function annotate(attributes: Attributes): void {
  trace.getActiveSpan()?.setAttributes(attributes);
}

/** Trace id of the active span, for a problem document. */
export function activeTraceId(): string | undefined {
  return trace.getActiveSpan()?.spanContext().traceId;
}
