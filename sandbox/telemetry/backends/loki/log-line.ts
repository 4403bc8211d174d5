import { createHash } from 'node:crypto';
import { Severity } from '#contracts/telemetry/query.ts';
import { isSpanId, isTraceId } from '../../otlp/build-span.ts';
import type { NewLog } from '../../records.ts';
import { attributesOf } from './label-names.ts';

/** A line as Loki hands it out: its time in epoch nanoseconds, its text, its labels of all kinds. */
export type Line = { timeNano: bigint; text: string; labels: Record<string, string> };
/** A record with its place among all others: see `idOf`. */
export type LokiLog = NewLog & { id: bigint };

const hashDigits = 12;
const hashes = 10n ** BigInt(hashDigits);

/**
 * Loki gives lines no ids. Ours is the time followed by digits of a hash of the rest: the same whenever the line is
 * read, and in the order of time. Two different lines share one with a chance of 1 : 10¹² if their times are equal.
 */
function idOf({ timeNano, text, labels }: Line): bigint {
  const hash = createHash('sha256')
    .update(JSON.stringify([text, Object.entries(labels).sort()]))
    .digest();
  return timeNano * hashes + (hash.readBigUInt64BE() % hashes);
}

/** Time of the record with an id, epoch nanoseconds. */
export function timeOfId(id: bigint): bigint {
  return id / hashes;
}

/** The record that a line is. `named`: attributes whose names are known from elsewhere. */
export function toLog(line: Line, named: readonly string[]): LokiLog {
  const { labels, text, timeNano } = line;
  const [traceId, spanId] = [labels.trace_id ?? '', labels.span_id ?? ''];
  return {
    id: idOf(line),
    timeNano,
    severity: severityOf(labels),
    service: labels.service_name ?? 'unknown_service',
    instance: labels.service_instance_id ?? null,
    body: text,
    traceId: isTraceId(traceId) ? traceId : null,
    spanId: isSpanId(spanId) ? spanId : null,
    attributes: attributesOf(labels, named),
  };
}

function severityOf(labels: Record<string, string>): Severity {
  const byNumber = Severity.options[Math.floor((Number(labels.severity_number ?? 0) - 1) / 4)];
  if (byNumber !== undefined) return byNumber;
  const text = (labels.severity_text ?? '').toLowerCase();
  return Severity.options.find((severity) => text.startsWith(severity)) ?? 'info';
}
