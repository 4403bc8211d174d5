import { ErrorCode, ProtocolError } from '../errors.ts';
import { crc32c } from '../wire/crc32c.ts';
import { Reader } from '../wire/reader.ts';

/**
 * RecordBatch v2 header (KIP-98). The CRC covers everything from `attributes` on, so the broker may write base offset
 * and leader epoch in place without touching it.
 */
export interface BatchHeader {
  baseOffset: number;
  /** Whole batch, header included. */
  sizeBytes: number;
  attributes: number;
  lastOffsetDelta: number;
  baseTimestamp: number;
  maxTimestamp: number;
  producerId: number;
  producerEpoch: number;
  baseSequence: number;
  recordCount: number;
}

export const BATCH_HEADER_BYTES = 61;
const SIZE_BEFORE_LENGTH_ENDS = 12;
const CRC_AT = 17;
const CRC_FROM = 21;

const COMPRESSION_MASK = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

export const compressionOf = (header: BatchHeader) => header.attributes & COMPRESSION_MASK;
export const isTransactional = (header: BatchHeader) => (header.attributes & TRANSACTIONAL) !== 0;
export const isControl = (header: BatchHeader) => (header.attributes & CONTROL) !== 0;
export const lastOffsetOf = (header: BatchHeader) => header.baseOffset + header.lastOffsetDelta;

/** Reads the 61 header bytes at `at`; the caller has checked that they are there. */
export function readBatchHeader(bytes: Buffer, at = 0): BatchHeader {
  const reader = new Reader(bytes, at);
  const baseOffset = reader.int64();
  const sizeBytes = reader.int32() + SIZE_BEFORE_LENGTH_ENDS;
  reader.raw(9); // leader epoch, magic, crc
  return {
    baseOffset,
    sizeBytes,
    attributes: reader.int16(),
    lastOffsetDelta: reader.int32(),
    baseTimestamp: reader.int64(),
    maxTimestamp: reader.int64(),
    producerId: reader.int64(),
    producerEpoch: reader.int16(),
    baseSequence: reader.int32(),
    recordCount: reader.int32(),
  };
}

/** True when `bytes[at, at + sizeBytes)` is a whole batch with the right magic and checksum. */
export function isIntactBatch(bytes: Buffer, at: number, sizeBytes: number): boolean {
  return (
    sizeBytes >= BATCH_HEADER_BYTES &&
    at + sizeBytes <= bytes.length &&
    bytes[at + 16] === 2 &&
    bytes.readUInt32BE(at + CRC_AT) === crc32c(bytes, at + CRC_FROM, at + sizeBytes)
  );
}

/**
 * Checks what a client wants appended: exactly one intact data batch (KAFKA: Produce v3+ carries one per partition).
 * Throws ProtocolError with the code that Kafka answers.
 */
export function checkProducedBatch(bytes: Buffer | null, maxBytes: number): BatchHeader {
  if (bytes === null || bytes.length < BATCH_HEADER_BYTES) {
    throw new ProtocolError(ErrorCode.INVALID_RECORD, 'no record batch');
  }
  if (bytes[16] !== 2) throw new ProtocolError(ErrorCode.INVALID_RECORD, 'only record batch v2 is accepted');
  const header = readBatchHeader(bytes);
  if (header.sizeBytes !== bytes.length) {
    throw new ProtocolError(
      header.sizeBytes > bytes.length ? ErrorCode.CORRUPT_MESSAGE : ErrorCode.INVALID_RECORD,
      'exactly one whole record batch per partition is accepted',
    );
  }
  if (header.sizeBytes > maxBytes) {
    throw new ProtocolError(
      ErrorCode.MESSAGE_TOO_LARGE,
      `batch of ${header.sizeBytes} bytes exceeds max.message.bytes ${maxBytes}`,
    );
  }
  if (!isIntactBatch(bytes, 0, header.sizeBytes)) {
    throw new ProtocolError(ErrorCode.CORRUPT_MESSAGE, 'checksum does not match');
  }
  if (isControl(header)) throw new ProtocolError(ErrorCode.INVALID_RECORD, 'clients may not write control batches');
  if (header.recordCount < 1 || header.lastOffsetDelta !== header.recordCount - 1) {
    throw new ProtocolError(ErrorCode.INVALID_RECORD, 'record count and last offset delta disagree');
  }
  if (compressionOf(header) > 4) throw new ProtocolError(ErrorCode.INVALID_RECORD, 'unknown compression type');
  if (compressionOf(header) === 0 && !recordsFillBatch(bytes, header)) {
    throw new ProtocolError(ErrorCode.INVALID_RECORD, 'records do not fill the batch');
  }
  return header;
}

/** Walks the record lengths of an uncompressed batch: one garbage batch would stop every consumer behind it. */
function recordsFillBatch(bytes: Buffer, header: BatchHeader): boolean {
  try {
    const reader = new Reader(bytes, BATCH_HEADER_BYTES);
    for (let i = 0; i < header.recordCount; i++) {
      const length = reader.varint();
      if (length < 6) return false;
      reader.raw(length);
    }
    return reader.remaining === 0;
  } catch {
    return false;
  }
}

/** Gives the batch its place in the log: base offset, and leader epoch 0 whatever the client wrote (kafkajs 0, others −1). */
export function placeBatch(bytes: Buffer, baseOffset: number): void {
  bytes.writeBigInt64BE(BigInt(baseOffset), 0);
  bytes.writeInt32BE(0, 12);
}

/** message.timestamp.type=LogAppendTime: the broker's clock replaces the client's, so the checksum changes. */
export function stampAppendTime(bytes: Buffer, header: BatchHeader, now: number): void {
  header.attributes |= LOG_APPEND_TIME;
  header.maxTimestamp = now;
  bytes.writeInt16BE(header.attributes, 21);
  bytes.writeBigInt64BE(BigInt(now), 35);
  bytes.writeUInt32BE(crc32c(bytes, CRC_FROM), CRC_AT);
}

export const usesAppendTime = (header: BatchHeader) => (header.attributes & LOG_APPEND_TIME) !== 0;
