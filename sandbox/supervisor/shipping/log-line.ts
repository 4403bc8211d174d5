/** One captured line as an OpenTelemetry log record (OTLP/JSON, opentelemetry-proto logs/v1). Pure. */
import type { CapturedLine } from '#contracts/sandbox/control.ts';

export type AnyValue =
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string }
  | { doubleValue: number }
  | { arrayValue: { values: AnyValue[] } };
export type KeyValue = { key: string; value: AnyValue };

export type OtlpLogRecord = {
  timeUnixNano: string;
  observedTimeUnixNano: string;
  severityNumber: number;
  severityText: string;
  body: AnyValue;
  attributes: KeyValue[];
  traceId?: string;
  spanId?: string;
};

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** Severity numbers of the OTel log data model: the first of each range. */
const severityNumbers: Record<Level, number> = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 };

const pinoLevels: Record<number, Level> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** Fields that become part of the record or repeat its resource. */
const known = new Set([
  'level',
  'message',
  'msg',
  'timestamp',
  'time',
  'trace_id',
  'span_id',
  'trace_flags',
  'service',
  'env',
  'pid',
  'hostname',
]);

/** A JSON line keeps its fields, a Postgres line its level, any other line is the body: stdout info, stderr warn. */
export function toLogRecord(captured: CapturedLine, source: string): OtlpLogRecord {
  const fields = parseObject(captured.line);
  if (fields !== null) return fromFields(fields, captured);
  if (source === 'postgres') return fromPostgres(captured);
  return record(captured.at, captured.at, captured.stream === 'stderr' ? 'warn' : 'info', captured.line, []);
}

function fromFields(fields: Record<string, unknown>, captured: CapturedLine): OtlpLogRecord {
  const body = text(fields.message) ?? text(fields.msg) ?? captured.line;
  const at = instant(fields.timestamp) ?? instant(fields.time) ?? captured.at;
  const attributes = Object.entries(fields)
    .filter(([key]) => !known.has(key))
    .flatMap(([key, value]) => flatten(key === 'err' ? 'exception' : key, value));
  const made = record(at, captured.at, levelOf(fields.level), body, attributes);
  const traceId = text(fields.trace_id);
  const spanId = text(fields.span_id);
  if (traceId !== null && /^[0-9a-f]{32}$/.test(traceId)) made.traceId = traceId;
  if (spanId !== null && /^[0-9a-f]{16}$/.test(spanId)) made.spanId = spanId;
  return made;
}

/** `2026-11-22 11:00:00.123 UTC [42] orders@orders LOG:  message`, as settings.ts asks for. */
const postgresLine = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3}) UTC \[(\d+)\] (?:(\S*)@(\S*) )?([A-Z]+\d?): {2}(.*)$/s;

const postgresLevels: Record<string, Level> = {
  DEBUG: 'debug',
  LOG: 'info',
  INFO: 'info',
  NOTICE: 'info',
  STATEMENT: 'info',
  DETAIL: 'info',
  HINT: 'info',
  CONTEXT: 'info',
  WARNING: 'warn',
  ERROR: 'error',
  // FATAL ends one session, not the server: a refused login, an administrator's shutdown.
  FATAL: 'error',
  PANIC: 'fatal',
};

function fromPostgres(captured: CapturedLine): OtlpLogRecord {
  const match = postgresLine.exec(captured.line);
  if (match === null) return record(captured.at, captured.at, 'info', captured.line, []);
  const [, day, time, pid, user, database, word = '', message = ''] = match;
  // A client that comes too early or too late is told so, and comes again.
  const between = word === 'FATAL' && message.startsWith('the database system is ');
  const level = between ? 'info' : (postgresLevels[word.replace(/\d$/, '')] ?? 'info');
  const attributes = [
    ...flatten('process.pid', Number(pid)),
    ...(database ? flatten('db.namespace', database) : []),
    ...(user ? flatten('db.user', user) : []),
  ];
  return record(`${day}T${time}Z`, captured.at, level, message, attributes);
}

function record(at: string, observedAt: string, level: Level, body: string, attributes: KeyValue[]): OtlpLogRecord {
  return {
    timeUnixNano: nanos(at),
    observedTimeUnixNano: nanos(observedAt),
    severityNumber: severityNumbers[level],
    severityText: level,
    body: { stringValue: body },
    attributes,
  };
}

function nanos(instantText: string): string {
  return `${Date.parse(instantText)}000000`;
}

function levelOf(value: unknown): Level {
  if (typeof value === 'number') return pinoLevels[value] ?? 'info';
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  return Object.hasOwn(severityNumbers, word) ? (word as Level) : 'info';
}

function instant(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return new Date(value).toISOString();
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : null;
}

/** Nested fields become dotted names, because stores filter by plain attributes. */
export function flatten(key: string, value: unknown, depth = 0): KeyValue[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'object' && !Array.isArray(value) && depth < 4) {
    return Object.entries(value).flatMap(([name, inner]) =>
      flatten(`${key}.${exceptionName(key, name)}`, inner, depth + 1),
    );
  }
  return [{ key, value: anyValue(value) }];
}

/** pino's `err.stack` under its semantic-convention name. */
function exceptionName(key: string, name: string): string {
  return key === 'exception' && name === 'stack' ? 'stacktrace' : name;
}

function anyValue(value: unknown): AnyValue {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'number':
      return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
    default:
      if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) {
        return { arrayValue: { values: value.map(anyValue) } };
      }
      return { stringValue: JSON.stringify(value) };
  }
}

function parseObject(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
