/**
 * Spans of SQL statements, by the semantic conventions for database clients (1.4x).
 *
 * Made here and not by instrumentation-pg: every statement passes through `runStatement` anyway, a span so made costs a
 * third (docs/perf/cpu-per-order.md), and it is named after what the statement does, `INSERT outbox`. BEGIN and COMMIT
 * are no spans of their own: they were a quarter of a trace and told nothing. A COMMIT that took long does get one.
 */
import { type Attributes, context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { isAppError } from '#contracts/errors.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { sqlState } from './errors.ts';
import type { Statement } from './statement.ts';

/** Scope name of these spans. */
export const postgresScope = 'orrery.postgres';

/** A COMMIT is worth a span from here on: the disk or another transaction made it wait. */
const slowCommitMs = 20;

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
  text: string,
  connection: Attributes,
  run: () => Promise<T>,
): Promise<T> {
  if (!isTraced()) return run();
  const span = trace.getTracer(postgresScope).startSpan(statement.summary, {
    kind: SpanKind.CLIENT,
    attributes: {
      ...connection,
      [names.dbOperation]: statement.operation,
      [names.dbCollection]: statement.table,
      [names.dbQueryText]: text,
    },
  });
  try {
    return await run();
  } catch (error) {
    const cause = isAppError(error) ? error.cause : error;
    const state = sqlState(cause);
    span.setStatus({ code: SpanStatusCode.ERROR, message: cause instanceof Error ? cause.message : String(cause) });
    span.setAttribute(names.errorType, state ?? (cause instanceof Error ? cause.name : 'Error'));
    if (state !== undefined) span.setAttribute(names.dbResponseStatus, state);
    throw error;
  } finally {
    span.end();
  }
}

/** Records a COMMIT that took long, after the fact. Times are epoch milliseconds. */
export function recordCommit(connection: Attributes, startMs: number, endMs: number): void {
  if (endMs - startMs < slowCommitMs || !isTraced()) return;
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
