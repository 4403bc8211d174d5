import zlib from 'node:zlib';
import { crc32c } from '../wire/crc32c.ts';
import { Reader } from '../wire/reader.ts';
import { Writer } from '../wire/writer.ts';
import {
  BATCH_HEADER_BYTES,
  type BatchHeader,
  compressionOf,
  readBatchHeader,
  usesAppendTime,
} from './record-batch.ts';

export interface LogRecord {
  offset: number;
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
}

/** Records of one batch, or null when its compression cannot be undone here (snappy, lz4). */
export function readRecords(batch: Buffer): LogRecord[] | null {
  const header = readBatchHeader(batch);
  const body = decompress(batch.subarray(BATCH_HEADER_BYTES, header.sizeBytes), compressionOf(header));
  if (!body) return null;
  const reader = new Reader(body);
  const records: LogRecord[] = [];
  for (let i = 0; i < header.recordCount; i++) {
    const length = reader.varint();
    const end = reader.offset + length;
    reader.int8();
    const timestampDelta = reader.varlong();
    const timestamp = usesAppendTime(header) ? header.maxTimestamp : header.baseTimestamp + timestampDelta;
    const offset = header.baseOffset + reader.varint();
    const key = readNullable(reader);
    const value = readNullable(reader);
    reader.raw(end - reader.offset);
    records.push({ offset, timestamp, key, value });
  }
  return records;
}

function readNullable(reader: Reader): Buffer | null {
  const length = reader.varint();
  return length < 0 ? null : reader.raw(length);
}

/** What an inflated batch may become; keeps a hostile batch from taking the process with it. */
const MAX_INFLATED_BYTES = 64 << 20;

function decompress(bytes: Buffer, compression: number): Buffer | null {
  if (compression === 0) return bytes;
  if (compression === 1) return zlib.gunzipSync(bytes, { maxOutputLength: MAX_INFLATED_BYTES });
  if (compression === 4) return zlib.zstdDecompressSync(bytes, { maxOutputLength: MAX_INFLATED_BYTES });
  return null;
}

export interface NewBatch {
  records: { key: Buffer | null; value: Buffer | null }[];
  timestamp: number;
  producerId?: number;
  producerEpoch?: number;
  baseSequence?: number;
  attributes?: number;
}

/** Builds an uncompressed batch at base offset 0: transaction markers, and batches in tests. */
export function buildBatch(batch: NewBatch): Buffer {
  const body = new Writer();
  batch.records.forEach((record, i) => {
    const fields = new Writer();
    fields.int8(0);
    fields.varint(0);
    fields.varint(i);
    writeNullable(fields, record.key);
    writeNullable(fields, record.value);
    fields.varint(0);
    body.varint(fields.length);
    body.raw(fields.buffer());
  });
  const records = body.buffer();
  const writer = new Writer(BATCH_HEADER_BYTES + records.length);
  writer.int64(0);
  writer.int32(BATCH_HEADER_BYTES - 12 + records.length);
  writer.int32(0);
  writer.int8(2);
  writer.uint32(0);
  writer.int16(batch.attributes ?? 0);
  writer.int32(batch.records.length - 1);
  writer.int64(batch.timestamp);
  writer.int64(batch.timestamp);
  writer.int64(batch.producerId ?? -1);
  writer.int16(batch.producerEpoch ?? -1);
  writer.int32(batch.baseSequence ?? -1);
  writer.int32(batch.records.length);
  writer.raw(records);
  const bytes = writer.buffer();
  bytes.writeUInt32BE(crc32c(bytes, 21), 17);
  return bytes;
}

function writeNullable(writer: Writer, value: Buffer | null): void {
  writer.varint(value ? value.length : -1);
  if (value) writer.raw(value);
}

const TRANSACTIONAL_CONTROL = 0x30;

/** End-of-transaction marker: a control batch whose key is (version 0, type 0 abort | 1 commit). */
export function buildMarker(producerId: number, producerEpoch: number, committed: boolean, timestamp: number): Buffer {
  const key = Buffer.from([0, 0, 0, committed ? 1 : 0]);
  const value = Buffer.from([0, 0, 0, 0, 0, 0]); // version, coordinator epoch
  return buildBatch({
    records: [{ key, value }],
    timestamp,
    producerId,
    producerEpoch,
    attributes: TRANSACTIONAL_CONTROL,
  });
}

/** True for a commit marker, false for an abort marker. */
export function isCommitMarker(batch: Buffer): boolean {
  const key = readRecords(batch)?.[0]?.key;
  return key?.readInt16BE(2) === 1;
}

export type { BatchHeader };
