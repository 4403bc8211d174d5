import { WireError } from './errors.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/** The version being spoken; `flexible` selects compact lengths and tagged fields (KIP-482). */
export interface WireVersion {
  version: number;
  flexible: boolean;
}

/** One field type of the protocol, described once and interpreted in both directions. */
export interface Codec<T> {
  /** What a reader gets, and a writer may omit, in versions that do not carry the field. */
  readonly absent: T;
  /** First and last version that carry the field. */
  readonly since?: number;
  readonly until?: number;
  read(reader: Reader, wire: WireVersion): T;
  write(writer: Writer, value: T, wire: WireVersion): void;
}

export type ValueOf<C> = C extends Codec<infer T> ? T : never;

export const int8: Codec<number> = {
  absent: 0,
  read: (reader) => reader.int8(),
  write: (writer, value) => writer.int8(value),
};

export const int16: Codec<number> = {
  absent: 0,
  read: (reader) => reader.int16(),
  write: (writer, value) => writer.int16(value),
};

export const int32: Codec<number> = {
  absent: 0,
  read: (reader) => reader.int32(),
  write: (writer, value) => writer.int32(value),
};

export const int64: Codec<number> = {
  absent: 0,
  read: (reader) => reader.int64(),
  write: (writer, value) => writer.int64(value),
};

export const bool: Codec<boolean> = {
  absent: false,
  read: (reader) => reader.int8() !== 0,
  write: (writer, value) => writer.int8(value ? 1 : 0),
};

/** Length −1 means null; in flexible versions the length is written plus one, as a varint. */
function readLength(reader: Reader, wire: WireVersion, classic: 'int16' | 'int32'): number {
  const length = wire.flexible ? reader.uvarint() - 1 : reader[classic]();
  if (length < -1 || length > reader.remaining) throw new WireError(`impossible length ${length}`);
  return length;
}

function writeLength(writer: Writer, length: number, wire: WireVersion, classic: 'int16' | 'int32'): void {
  if (wire.flexible) writer.uvarint(length + 1);
  else writer[classic](length);
}

export const nullableString: Codec<string | null> = {
  absent: null,
  read(reader, wire) {
    const length = readLength(reader, wire, 'int16');
    return length < 0 ? null : reader.text(length);
  },
  write(writer, value, wire) {
    if (value === null) return writeLength(writer, -1, wire, 'int16');
    const size = Buffer.byteLength(value);
    writeLength(writer, size, wire, 'int16');
    writer.text(value, size);
  },
};

export const nullableBytes: Codec<Buffer | null> = {
  absent: null,
  read(reader, wire) {
    const length = readLength(reader, wire, 'int32');
    return length < 0 ? null : reader.raw(length);
  },
  write(writer, value, wire) {
    writeLength(writer, value === null ? -1 : value.length, wire, 'int32');
    if (value !== null) writer.raw(value);
  },
};

const EMPTY = Buffer.alloc(0);
export const string: Codec<string> = required(nullableString, '');
export const bytes: Codec<Buffer> = required(nullableBytes, EMPTY);

export function array<T>(of: Codec<T>): Codec<T[]> {
  return required(nullableArray(of), []);
}

export function nullableArray<T>(of: Codec<T>): Codec<T[] | null> {
  return {
    absent: null,
    read(reader, wire) {
      const length = readLength(reader, wire, 'int32');
      if (length < 0) return null;
      const items: T[] = [];
      for (let i = 0; i < length; i++) items.push(of.read(reader, wire));
      return items;
    },
    write(writer, items, wire) {
      writeLength(writer, items === null ? -1 : items.length, wire, 'int32');
      for (const item of items ?? []) of.write(writer, item, wire);
    },
  };
}

/** A null where the protocol does not allow one is a broken frame. */
function required<T>(nullable: Codec<T | null>, absent: T): Codec<T> {
  return {
    absent,
    read(reader, wire) {
      const value = nullable.read(reader, wire);
      if (value === null) throw new WireError('null in a field that is not nullable');
      return value;
    },
    write: (writer, value, wire) => nullable.write(writer, value, wire),
  };
}

/** The field exists from `version` on; older versions read `absent` and write nothing. */
export function since<T>(version: number, codec: Codec<T>, absent: T = codec.absent): Codec<T> {
  return { since: version, absent, read: codec.read, write: codec.write };
}

/** The field ends with `version`; newer versions read `absent` and write nothing. */
export function until<T>(version: number, codec: Codec<T>, absent: T = codec.absent): Codec<T> {
  return { until: version, absent, read: codec.read, write: codec.write };
}

/** Not null before `version`, nullable from then on. */
export function nullableSince<T>(version: number, codec: Codec<T | null>): Codec<T | null> {
  return {
    absent: codec.absent,
    read(reader, wire) {
      const value = codec.read(reader, wire);
      if (value === null && wire.version < version) throw new WireError(`null before version ${version}`);
      return value;
    },
    write: codec.write,
  };
}

type StructValue<S> = { [K in keyof S]: ValueOf<S[K]> };

/** Fields in wire order. In flexible versions a struct ends with tagged fields: skipped when read, none written. */
export function struct<S extends Record<string, Codec<unknown>>>(fields: S): Codec<StructValue<S>> {
  const entries = Object.entries(fields);
  const present = (codec: Codec<unknown>, wire: WireVersion) =>
    wire.version >= (codec.since ?? 0) && wire.version <= (codec.until ?? wire.version);
  return {
    absent: Object.fromEntries(entries.map(([name, codec]) => [name, codec.absent])) as StructValue<S>,
    read(reader, wire) {
      const value: Record<string, unknown> = {};
      for (const [name, codec] of entries) value[name] = present(codec, wire) ? codec.read(reader, wire) : codec.absent;
      if (wire.flexible) skipTaggedFields(reader);
      return value as StructValue<S>;
    },
    write(writer, value, wire) {
      const record = value as Record<string, unknown>;
      for (const [name, codec] of entries) if (present(codec, wire)) codec.write(writer, record[name], wire);
      if (wire.flexible) writer.uvarint(0);
    },
  };
}

export function skipTaggedFields(reader: Reader): void {
  for (let count = reader.uvarint(); count > 0; count--) {
    reader.uvarint();
    reader.raw(reader.uvarint());
  }
}
