import type { Attributes } from '#contracts/telemetry/query.ts';
import type { Decoded, NewLog, Resource, SpanRecord } from '../records.ts';
import { readAnyValue, readAttribute, toText } from './any-value.ts';
import { buildLog, emptyLog, type RawLog } from './build-log.ts';
import { buildResource, buildSpan, emptySpan, type RawSpan } from './build-span.ts';
import { createKnownPairs } from './known-pairs.ts';
import { WireReader } from './wire-reader.ts';

/**
 * OTLP messages in protobuf, opentelemetry-proto 1.x (`collector/trace/v1`, `collector/logs/v1`). Tags are
 * `field << 3 | wire type`, written as in the .proto file's order. Unknown fields are skipped.
 */

/** Decodes an ExportTraceServiceRequest. Throws MalformedError. */
export function decodeTraces(bytes: Buffer, known = createKnownPairs()): Decoded<SpanRecord> {
  const decoded: Decoded<SpanRecord> = { records: [], rejected: 0, reason: null };
  eachGroup(new WireReader(bytes, known), (reader, resource, scope) => {
    const span = buildSpan(readSpan(reader), resource, scope);
    if (typeof span !== 'string') decoded.records.push(span);
    else {
      decoded.rejected++;
      decoded.reason ??= span;
    }
  });
  return decoded;
}

/** Decodes an ExportLogsServiceRequest. Throws MalformedError. */
export function decodeLogs(bytes: Buffer, arrivalNano: bigint, known = createKnownPairs()): Decoded<NewLog> {
  const records: NewLog[] = [];
  eachGroup(new WireReader(bytes, known), (reader, resource) => {
    records.push(buildLog(readLog(reader), resource, arrivalNano));
  });
  return { records, rejected: 0, reason: null };
}

type ReadRecord = (reader: WireReader, resource: Resource, scope: string) => void;

/** Both requests have one shape: request → resource groups (1) → scope groups (2) → records (2). */
function eachGroup(reader: WireReader, record: ReadRecord): void {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) readResourceGroup(reader, record);
    else reader.skip(tag);
  }
}

function readResourceGroup(reader: WireReader, record: ReadRecord): void {
  const outer = reader.enter();
  const start = reader.position;
  // The resource may legally come after its scopes; find it first, then read the scopes.
  let attributes: Attributes = {};
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) attributes = readAttributesOf(reader, 0x0a);
    else reader.skip(tag);
  }
  const resource = buildResource(attributes);
  reader.position = start;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x12) readScopeGroup(reader, resource, record);
    else reader.skip(tag);
  }
  reader.leave(outer);
}

function readScopeGroup(reader: WireReader, resource: Resource, record: ReadRecord): void {
  const outer = reader.enter();
  let scope = '';
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) scope = readScopeName(reader);
    else if (tag === 0x12) record(reader, resource, scope);
    else reader.skip(tag);
  }
  reader.leave(outer);
}

function readScopeName(reader: WireReader): string {
  const outer = reader.enter();
  let name = '';
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) name = reader.string();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return name;
}

function readAttributesOf(reader: WireReader, attributeTag: number): Attributes {
  const outer = reader.enter();
  const attributes: Attributes = {};
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === attributeTag) readAttribute(reader, attributes);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return attributes;
}

function readSpan(reader: WireReader): RawSpan {
  const outer = reader.enter();
  const span = emptySpan();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) span.traceId = reader.hex();
    else if (tag === 0x12) span.spanId = reader.hex();
    else if (tag === 0x22) span.parentSpanId = reader.hex();
    else if (tag === 0x2a) span.name = reader.string();
    else if (tag === 0x30) span.kind = reader.varint();
    else if (tag === 0x39) span.startNano = reader.fixed64();
    else if (tag === 0x41) span.endNano = reader.fixed64();
    else if (tag === 0x4a) readAttribute(reader, span.attributes);
    else if (tag === 0x5a) span.events.push(readEvent(reader));
    else if (tag === 0x6a) span.links.push(readLink(reader));
    else if (tag === 0x7a) readStatus(reader, span);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return span;
}

function readEvent(reader: WireReader): RawSpan['events'][number] {
  const outer = reader.enter();
  const event = { name: '', timeNano: 0n, attributes: {} };
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x09) event.timeNano = reader.fixed64();
    else if (tag === 0x12) event.name = reader.string();
    else if (tag === 0x1a) readAttribute(reader, event.attributes);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return event;
}

function readLink(reader: WireReader): RawSpan['links'][number] {
  const outer = reader.enter();
  const link = { traceId: '', spanId: '', attributes: {} };
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) link.traceId = reader.hex();
    else if (tag === 0x12) link.spanId = reader.hex();
    else if (tag === 0x22) readAttribute(reader, link.attributes);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return link;
}

function readStatus(reader: WireReader, span: RawSpan): void {
  const outer = reader.enter();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x12) span.statusMessage = reader.string();
    else if (tag === 0x18) span.statusCode = reader.varint();
    else reader.skip(tag);
  }
  reader.leave(outer);
}

function readLog(reader: WireReader): RawLog {
  const outer = reader.enter();
  const log = emptyLog();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x09) log.timeNano = reader.fixed64();
    else if (tag === 0x10) log.severityNumber = reader.varint();
    else if (tag === 0x1a) log.severityText = reader.string();
    else if (tag === 0x2a) log.body = toText(readAnyValue(reader));
    else if (tag === 0x32) readAttribute(reader, log.attributes);
    else if (tag === 0x4a) log.traceId = reader.hex();
    else if (tag === 0x52) log.spanId = reader.hex();
    else if (tag === 0x59) log.observedNano = reader.fixed64();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return log;
}
