import { gunzipSync } from 'node:zlib';
import { WireReader } from './wire.ts';

export type KafkaRecord = {
  offset: bigint;
  /** Epoch milliseconds as the producer wrote it. */
  timestamp: number;
  key: string | null;
  value: Buffer | null;
  headers: Record<string, string>;
};

const headerBytes = 61;
const controlBit = 0x20;

/**
 * Records of a fetched partition: batches of format 2 (https://kafka.apache.org/documentation/#recordbatch), the last of
 * which may be cut off. Control batches are left out; snappy, lz4 and zstd are not known and throw, nothing here
 * publishes with them. `next` is the offset to go on from.
 */
export function readRecords(bytes: Buffer, from: bigint): { records: KafkaRecord[]; next: bigint } {
  const records: KafkaRecord[] = [];
  const reader = new WireReader(bytes);
  let next = from;
  while (reader.left >= 12) {
    const baseOffset = reader.int64();
    const length = reader.int32();
    if (reader.left < length) break;
    const batch = new WireReader(reader.take(length));
    batch.take(9); // partition leader epoch, magic, crc
    const attributes = batch.int16();
    const lastOffset = baseOffset + BigInt(batch.int32());
    const firstTimestamp = Number(batch.int64());
    batch.take(22); // max timestamp, producer id, epoch, sequence
    const count = batch.int32();
    next = lastOffset + 1n;
    if ((attributes & controlBit) !== 0) continue;
    const body = new WireReader(decompress(batch.take(length - headerBytes + 12), attributes & 0x07));
    for (let index = 0; index < count; index++) {
      const record = readRecord(body, baseOffset, firstTimestamp);
      // A compressed batch may begin before the offset that was asked for.
      if (record.offset >= from) records.push(record);
    }
  }
  return { records, next };
}

function decompress(bytes: Buffer, codec: number): Buffer {
  if (codec === 0) return bytes;
  if (codec === 1) return gunzipSync(bytes);
  throw new Error(`record batch is compressed with codec ${codec}, only gzip is known`);
}

function readRecord(body: WireReader, baseOffset: bigint, firstTimestamp: number): KafkaRecord {
  body.varint(); // length
  body.int8(); // attributes
  const timestamp = firstTimestamp + body.varint();
  const offset = baseOffset + BigInt(body.varint());
  const key = sized(body);
  const value = sized(body);
  const headers: Record<string, string> = {};
  for (let left = body.varint(); left > 0; left--) {
    const name = sized(body)?.toString('utf8') ?? '';
    headers[name] = sized(body)?.toString('utf8') ?? '';
  }
  return { offset, timestamp, key: key?.toString('utf8') ?? null, value, headers };
}

function sized(body: WireReader): Buffer | null {
  const length = body.varint();
  return length < 0 ? null : body.take(length);
}
