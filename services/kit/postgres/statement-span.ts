/**
 * Spans of SQL statements, by the semantic conventions for database clients (1.4x).
 *
 * Made here and not by instrumentation-pg: every statement passes through `runStatement` anyway, a span so made costs a
 * third (docs/perf/cpu-per-order.md), and it is named after what the statement does, `INSERT outbox`. BEGIN, COMMIT, the
 * inbox and advisory locks are no spans of their own: they were half of a trace and told nothing. One that took long
 * does get its span, and so does one that failed.
 */
import { type Attributes, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { isAppError } from '#contracts/errors.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { sqlState } from './errors.ts';
import type { Statement } from './statement.ts';

/** Scope name of these spans. */
export const postgresScope = 'orrery.postgres';

/** COMMIT and routine statements are worth a span from here on: the disk or another transaction made them wait. */
const slowMs = 20;

/** Attributes that all statements of a connection share. */
export function connectionAttributes(url: string): Attributes {
  const { hostname, port, pathname } = new URL(url);
  return {
    [names.dbSystem]: 'postgresql',
    [names.dbNamespace]: decodeURIComponent(pathname.slice(1)),
    [names.serverAddress]: hostname,
    [names.serverPort]: Number(port || 5432),
  };
}

/** Runs a statement inside a CLIENT span when it is part of somebody's trace; without one otherwise (polling, probes). */
export async function withStatementSpan<T>(
  statement: Statement,
  connection: Attributes,
  run: () => Promise<T>,
): Promise<T> {
  if (!isTraced()) return run();
  if (statement.routine) return withSpanIfSlow(statement, connection, run);
  const span = startSpan(statement, connection);
  try {
    return await run();
  } catch (error) {
    failStatement(span, error);
    throw error;
  } finally {
    span.end();
  }
}

async function withSpanIfSlow<T>(statement: Statement, connection: Attributes, run: () => Promise<T>): Promise<T> {
  const startMs = Date.now();
  try {
    const result = await run();
    const endMs = Date.now();
    if (endMs - startMs >= slowMs) startSpan(statement, connection, startMs).end(endMs);
    return result;
  } catch (error) {
    const span = startSpan(statement, connection, startMs);
    failStatement(span, error);
    span.end(Date.now());
    throw error;
  }
}

function startSpan({ summary, operation, table, shown }: Statement, connection: Attributes, startTime?: number): Span {
  return trace.getTracer(postgresScope).startSpan(summary, {
    kind: SpanKind.CLIENT,
    attributes: {
      ...connection,
      [names.dbOperation]: operation,
      [names.dbCollection]: table,
      [names.dbQueryText]: shown,
    },
    ...(startTime === undefined ? {} : { startTime }),
  });
}

function failStatement(span: Span, error: unknown): void {
  const cause = isAppError(error) ? error.cause : error;
  const state = sqlState(cause);
  span.setStatus({ code: SpanStatusCode.ERROR, message: cause instanceof Error ? cause.message : String(cause) });
  span.setAttribute(names.errorType, state ?? (cause instanceof Error ? cause.name : 'Error'));
  if (state !== undefined) span.setAttribute(names.dbResponseStatus, state);
}

/** Records a COMMIT that took long, after the fact. Times are epoch milliseconds. */
export function recordCommit(connection: Attributes, startMs: number, endMs: number): void {
  if (endMs - startMs < slowMs || !isTraced()) return;
  const attributes = { ...connection, [names.dbOperation]: 'COMMIT' };
  const span = trace.getTracer(postgresScope).startSpan('COMMIT', {
    kind: SpanKind.CLIENT,
    attributes,
    startTime: startMs,
  });
  span.end(endMs);
}

function isTraced(): boolean {
  const active = context.active();
  return trace.getSpan(active) !== undefined && !isTracingSuppressed(active);
}
