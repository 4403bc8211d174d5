import fs from 'node:fs';
import { BATCH_HEADER_BYTES, type BatchHeader, isIntactBatch, readBatchHeader } from './record-batch.ts';
import type { Segment } from './segment.ts';

const WINDOW_BYTES = 1 << 20;

/** What recovery found in one segment. */
export interface Recovered {
  batches: number;
  /** Bytes cut from the end of the file because no intact batch started there. */
  tornBytes: number;
}

/**
 * Rebuilds the segment's index. With `trustIndex` (sealed, or after a clean stop) the saved headers are enough;
 * otherwise every batch is read and checked, and the file is cut at the first byte that is not an intact batch.
 */
export function recoverSegment(
  segment: Segment,
  trustIndex: boolean,
  onBatch: (header: BatchHeader, position: number) => void,
): Recovered {
  const fileSize = segment.fileSize();
  const saved = trustIndex ? readSavedHeaders(segment, fileSize) : null;
  if (saved) {
    for (const header of saved) noteBatch(segment, header, onBatch);
    return { batches: saved.length, tornBytes: 0 };
  }
  scanBatches(segment, fileSize, onBatch);
  const tornBytes = fileSize - segment.sizeBytes;
  if (tornBytes > 0) segment.truncate(segment.sizeBytes);
  return { batches: segment.index.count, tornBytes };
}

function noteBatch(
  segment: Segment,
  header: BatchHeader,
  onBatch: (header: BatchHeader, position: number) => void,
): void {
  const position = segment.sizeBytes;
  segment.note(header);
  onBatch(header, position);
}

function readSavedHeaders(segment: Segment, fileSize: number): BatchHeader[] | null {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(segment.path('index'));
  } catch {
    return null;
  }
  if (bytes.length % BATCH_HEADER_BYTES !== 0) return null;
  const headers: BatchHeader[] = [];
  let size = 0;
  for (let at = 0; at < bytes.length; at += BATCH_HEADER_BYTES) {
    const header = readBatchHeader(bytes, at);
    headers.push(header);
    size += header.sizeBytes;
  }
  return size === fileSize ? headers : null;
}

function scanBatches(
  segment: Segment,
  fileSize: number,
  onBatch: (header: BatchHeader, position: number) => void,
): void {
  let nextOffset = segment.baseOffset;
  let window: Buffer = Buffer.alloc(0);
  let windowAt = 0;
  const load = (position: number, sizeBytes: number) => {
    if (position < windowAt || position + sizeBytes > windowAt + window.length) {
      window = segment.read(position, Math.min(Math.max(sizeBytes, WINDOW_BYTES), fileSize - position));
      windowAt = position;
    }
    return position - windowAt;
  };
  while (segment.sizeBytes + BATCH_HEADER_BYTES <= fileSize) {
    const position = segment.sizeBytes;
    const headerAt = load(position, BATCH_HEADER_BYTES);
    const header = readBatchHeader(window, headerAt);
    if (header.sizeBytes < BATCH_HEADER_BYTES || position + header.sizeBytes > fileSize) return;
    const batchAt = load(position, header.sizeBytes);
    if (!isIntactBatch(window, batchAt, header.sizeBytes)) return;
    if (header.baseOffset < nextOffset || header.lastOffsetDelta < 0) return;
    nextOffset = header.baseOffset + header.lastOffsetDelta + 1;
    noteBatch(segment, header, onBatch);
  }
}
