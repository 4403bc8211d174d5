import { nullableString, skipTaggedFields, type WireVersion } from './codec.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

/** The part of a request that has the same shape whatever the API and version. */
export interface RequestHead {
  apiKey: number;
  apiVersion: number;
  correlationId: number;
}

/** First eight bytes of every request frame. Throws WireError when there are fewer. */
export function readRequestHead(frame: Buffer): RequestHead {
  const reader = new Reader(frame);
  return { apiKey: reader.int16(), apiVersion: reader.int16(), correlationId: reader.int32() };
}

/** Client id and, in flexible versions, tagged fields; the reader is left at the body. The client id is never compact. */
export function readClientId(frame: Buffer, flexible: boolean): { clientId: string; body: Reader } {
  const body = new Reader(frame, 8);
  const clientId = nullableString.read(body, CLASSIC) ?? '';
  if (flexible) skipTaggedFields(body);
  return { clientId, body };
}

const CLASSIC: WireVersion = { version: 0, flexible: false };

/** Starts a response frame: four bytes of length (filled in by {@link closeFrame}), correlation id, tagged fields. */
export function openResponse(correlationId: number, flexibleHeader: boolean, sizeHint?: number): Writer {
  const writer = new Writer(sizeHint);
  writer.int32(0);
  writer.int32(correlationId);
  if (flexibleHeader) writer.uvarint(0);
  return writer;
}

export function closeFrame(writer: Writer): Buffer[] {
  const size = writer.length - 4;
  const chunks = writer.chunks();
  chunks[0]?.writeInt32BE(size, 0);
  return chunks;
}
