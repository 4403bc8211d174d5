import type { Attributes, LogRecord, Span } from '#contracts/telemetry/query.ts';

/** A span as it travels inside this process: the contract's span, with its start as a number that can be compared. */
export type SpanRecord = Omit<Span, 'startUnixNano'> & { startNano: bigint };

/** A span with its place in the store and when it arrived, epoch milliseconds. */
export type PendingSpan = { span: SpanRecord; seq: number; arrivedMs: number };

/** A log record before the store has given it an id. */
export type NewLog = Omit<LogRecord, 'id' | 'timeUnixNano'> & { timeNano: bigint };
/** A log record with its place in the store. */
export type StoredLog = NewLog & { seq: number };

/** What one OTLP request held: the good records, and how many were refused, with the first reason. */
export type Decoded<T> = { records: T[]; rejected: number; reason: string | null };

/** Resource shared by all records below it, decoded once. */
export type Resource = { service: string; instance: string | null; attributes: Attributes };

/** The span as the wire and the API write it. */
export function toSpan({ startNano, ...span }: SpanRecord): Span {
  return { ...span, startUnixNano: String(startNano) };
}

/** The log record as the API writes it. */
export function toLogRecord({ seq, timeNano, ...log }: StoredLog): LogRecord {
  return { id: String(seq), timeUnixNano: String(timeNano), ...log };
}
