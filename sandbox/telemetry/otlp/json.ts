import type { Decoded, NewLog, Resource, SpanRecord } from '../records.ts';
import { anyValueFromJson, arrayOf, attributesFromJson, integerFromJson, objectOf, toText } from './any-value.ts';
import { buildLog, type RawLog } from './build-log.ts';
import { buildResource, buildSpan, type RawSpan } from './build-span.ts';
import { MalformedError } from './wire-reader.ts';

/**
 * OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): lowerCamelCase, ids in hex, 64-bit
 * integers as text or number, enums as numbers, unknown fields ignored.
 */

/** Decodes an ExportTraceServiceRequest in JSON. Throws MalformedError. */
export function decodeTracesJson(text: string): Decoded<SpanRecord> {
  const decoded: Decoded<SpanRecord> = { records: [], rejected: 0, reason: null };
  eachRecord(parse(text), ['resourceSpans', 'scopeSpans', 'spans'], (record, resource, scope) => {
    const span = buildSpan(spanFromJson(record), resource, scope);
    if (typeof span !== 'string') decoded.records.push(span);
    else {
      decoded.rejected++;
      decoded.reason ??= span;
    }
  });
  return decoded;
}

/** Decodes an ExportLogsServiceRequest in JSON. Throws MalformedError. */
export function decodeLogsJson(text: string, arrivalNano: bigint): Decoded<NewLog> {
  const records: NewLog[] = [];
  eachRecord(parse(text), ['resourceLogs', 'scopeLogs', 'logRecords'], (record, resource) => {
    records.push(buildLog(logFromJson(record), resource, arrivalNano));
  });
  return { records, rejected: 0, reason: null };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedError(`not JSON: ${error instanceof Error ? error.message.slice(0, 80) : ''}`);
  }
}

type Fields = readonly [string, string, string];
type OnRecord = (record: Record<string, unknown>, resource: Resource, scope: string) => void;

function eachRecord(request: unknown, [groups, scopes, records]: Fields, onRecord: OnRecord): void {
  for (const group of arrayOf(objectOf(request)[groups]).map(objectOf)) {
    const resource = buildResource(attributesFromJson(objectOf(group.resource ?? {}).attributes));
    for (const scoped of arrayOf(group[scopes]).map(objectOf)) {
      const scope = text(objectOf(scoped.scope ?? {}).name);
      for (const record of arrayOf(scoped[records])) onRecord(objectOf(record), resource, scope);
    }
  }
}

function spanFromJson(span: Record<string, unknown>): RawSpan {
  const status = objectOf(span.status ?? {});
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: hex(span.parentSpanId),
    name: text(span.name),
    kind: enumeration(span.kind),
    startNano: integer(span.startTimeUnixNano),
    endNano: integer(span.endTimeUnixNano),
    attributes: attributesFromJson(span.attributes),
    events: arrayOf(span.events).map(objectOf).map(eventFromJson),
    links: arrayOf(span.links).map(objectOf).map(linkFromJson),
    statusCode: enumeration(status.code),
    statusMessage: text(status.message),
  };
}

function eventFromJson(event: Record<string, unknown>): RawSpan['events'][number] {
  return {
    name: text(event.name),
    timeNano: integer(event.timeUnixNano),
    attributes: attributesFromJson(event.attributes),
  };
}

function linkFromJson(link: Record<string, unknown>): RawSpan['links'][number] {
  return { traceId: hex(link.traceId), spanId: hex(link.spanId), attributes: attributesFromJson(link.attributes) };
}

function logFromJson(log: Record<string, unknown>): RawLog {
  return {
    timeNano: integer(log.timeUnixNano),
    observedNano: integer(log.observedTimeUnixNano),
    severityNumber: enumeration(log.severityNumber),
    severityText: text(log.severityText),
    body: toText(anyValueFromJson(log.body)),
    attributes: attributesFromJson(log.attributes),
    traceId: hex(log.traceId),
    spanId: hex(log.spanId),
  };
}

function text(json: unknown): string {
  if (json === undefined || json === null) return '';
  if (typeof json !== 'string') throw new MalformedError('text is expected');
  return json;
}

function hex(json: unknown): string {
  const value = text(json);
  if (!/^[0-9a-f]*$/i.test(value)) throw new MalformedError('an id must be hexadecimal');
  return value.toLowerCase();
}

function integer(json: unknown): bigint {
  return json === undefined || json === null ? 0n : integerFromJson(json);
}

function enumeration(json: unknown): number {
  return json === undefined || json === null ? 0 : Number(integerFromJson(json));
}
