import type { Attributes, AttributeValue } from '#contracts/telemetry/query.ts';
import { MalformedError, type WireReader } from './wire-reader.ts';

/** An AnyValue as plain data. Bytes are base64, 64-bit integers beyond 2^53 are decimal text. */
export type PlainValue = string | number | boolean | null | PlainValue[] | { [key: string]: PlainValue };

// Deeper nesting is not telemetry but an attack on the stack.
const maxDepth = 16;

/** Reads `opentelemetry.proto.common.v1.AnyValue` at the cursor. */
export function readAnyValue(reader: WireReader, depth = 0): PlainValue {
  if (depth > maxDepth) throw new MalformedError('value nested too deep');
  const outer = reader.enter();
  let value: PlainValue = null;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) value = reader.string();
    else if (tag === 0x10) value = reader.varint() !== 0;
    else if (tag === 0x18) value = safeInteger(reader.int64());
    else if (tag === 0x21) value = reader.double();
    else if (tag === 0x2a) value = readArray(reader, depth + 1);
    else if (tag === 0x32) value = readKeyValueList(reader, depth + 1);
    else if (tag === 0x3a) value = reader.base64();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return value;
}

function readArray(reader: WireReader, depth: number): PlainValue[] {
  const outer = reader.enter();
  const values: PlainValue[] = [];
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) values.push(readAnyValue(reader, depth));
    else reader.skip(tag);
  }
  reader.leave(outer);
  return values;
}

function readKeyValueList(reader: WireReader, depth: number): { [key: string]: PlainValue } {
  const outer = reader.enter();
  const entries: [string, PlainValue][] = [];
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) entries.push(readKeyValue(reader, depth));
    else reader.skip(tag);
  }
  reader.leave(outer);
  return Object.fromEntries(entries);
}

function readKeyValue(reader: WireReader, depth: number): [string, PlainValue] {
  const outer = reader.enter();
  let key = '';
  let value: PlainValue = null;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) key = reader.string();
    else if (tag === 0x12) value = readAnyValue(reader, depth);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return [key, value];
}

/** Reads one `KeyValue` of a record into `attributes`. */
export function readAttribute(reader: WireReader, attributes: Attributes): void {
  const { bytes, known, position } = reader;
  const length = reader.varint();
  const start = reader.position;
  const end = start + length;
  const pair = end > reader.end ? null : known.find(bytes, start, end);
  if (pair !== null) {
    attributes[pair.key] = pair.value;
    reader.position = end;
    return;
  }
  reader.position = position;
  const [sentKey, sentValue] = readKeyValue(reader, 0);
  const key = setAttribute(attributes, sentKey, sentValue);
  if (key !== null) known.keep(bytes, start, end, key, attributes[key] ?? '');
}

/**
 * Adds an attribute as the contract allows them: scalars and flat arrays as they are, anything else as JSON text.
 * Returns the key it has now, or null when it is none.
 */
export function setAttribute(attributes: Attributes, sentKey: string, value: PlainValue): string | null {
  if (value === null || sentKey === '' || sentKey === '__proto__') return null;
  // The store finds `"key":` inside JSON text, which is exact only while no key needs escaping.
  const key = needsEscape.test(sentKey) ? sentKey.replace(needsEscapes, '_') : sentKey;
  attributes[key] = toAttributeValue(value);
  return key;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what JSON escapes
const needsEscape = /["\\\u0000-\u001f]/;
const needsEscapes = new RegExp(needsEscape, 'g');

function toAttributeValue(value: Exclude<PlainValue, null>): AttributeValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object') return value;
  const flat = Array.isArray(value) && value.every(isScalar);
  return flat ? (value as (string | number | boolean)[]) : JSON.stringify(value);
}

function isScalar(value: PlainValue): boolean {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  );
}

/** A log body as one text: strings as they are, structured bodies as JSON. */
export function toText(value: PlainValue): string {
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}

function safeInteger(value: bigint): number | string {
  return value <= 9007199254740991n && value >= -9007199254740991n ? Number(value) : String(value);
}

/** Reads an AnyValue of OTLP/JSON (`{stringValue: …}`); int64 may be text or number there. */
export function anyValueFromJson(json: unknown, depth = 0): PlainValue {
  if (depth > maxDepth) throw new MalformedError('value nested too deep');
  if (json === null || json === undefined) return null;
  if (typeof json !== 'object') throw new MalformedError('a value must be an object such as {"stringValue": "…"}');
  const value = json as Record<string, unknown>;
  if (typeof value.stringValue === 'string') return value.stringValue;
  if (typeof value.boolValue === 'boolean') return value.boolValue;
  if (value.intValue !== undefined) return safeInteger(integerFromJson(value.intValue));
  if (value.doubleValue !== undefined) return Number(value.doubleValue);
  if (typeof value.bytesValue === 'string') return value.bytesValue;
  if (value.arrayValue !== undefined)
    return listOf(value.arrayValue, 'values').map((item) => anyValueFromJson(item, depth + 1));
  if (value.kvlistValue !== undefined)
    return Object.fromEntries(
      listOf(value.kvlistValue, 'values').map((item) => {
        const pair = objectOf(item);
        return [String(pair.key), anyValueFromJson(pair.value, depth + 1)];
      }),
    );
  return null;
}

/** int64 or fixed64 of OTLP/JSON: decimal text, or a number. */
export function integerFromJson(json: unknown): bigint {
  if (typeof json === 'string' && /^-?\d{1,20}$/.test(json)) return BigInt.asIntN(64, BigInt(json));
  if (typeof json === 'number' && Number.isInteger(json)) return BigInt.asIntN(64, BigInt(json));
  throw new MalformedError(`not an integer: ${JSON.stringify(json)?.slice(0, 40)}`);
}

/** Attributes of OTLP/JSON, `[{key, value}]`. */
export function attributesFromJson(json: unknown): Attributes {
  const attributes: Attributes = {};
  for (const item of arrayOf(json)) {
    const pair = objectOf(item);
    if (typeof pair.key !== 'string') throw new MalformedError('an attribute needs a key');
    setAttribute(attributes, pair.key, anyValueFromJson(pair.value));
  }
  return attributes;
}

/** The JSON value as an object, or MalformedError. */
export function objectOf(json: unknown): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new MalformedError('an object is expected');
  return json as Record<string, unknown>;
}

/** The JSON value as an array; absent is empty; anything else is MalformedError. */
export function arrayOf(json: unknown): unknown[] {
  if (json === undefined || json === null) return [];
  if (!Array.isArray(json)) throw new MalformedError('an array is expected');
  return json;
}

function listOf(json: unknown, field: string): unknown[] {
  return arrayOf(objectOf(json)[field]);
}
