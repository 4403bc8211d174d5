import net from 'node:net';
import { apiVersions } from '../apis/18-api-versions.ts';
import type { AnyApi } from '../apis/api.ts';
import { nullableString } from '../wire/codec.ts';
import { FrameSplitter } from '../wire/frame-splitter.ts';
import { Reader } from '../wire/reader.ts';
import { Writer } from '../wire/writer.ts';

export interface RawClient {
  /** Sends one request and waits for its answer, encoded and decoded by the broker's own tables the other way round. */
  call<T = Record<string, unknown>>(api: AnyApi, version: number, request: unknown): Promise<T>;
  /** Sends bytes as they are. */
  send(bytes: Buffer): void;
  /** The next frame, whatever it is, without its length. */
  nextFrame(): Promise<Buffer>;
  closed: Promise<void>;
  close(): void;
}

/** One TCP connection that speaks the protocol by hand, for what real clients would never send. */
export async function connectRaw(port: number): Promise<RawClient> {
  const socket = net.connect(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const splitter = new FrameSplitter(1 << 30);
  const frames: Buffer[] = [];
  const waiting: ((frame: Buffer) => void)[] = [];
  socket.on('data', (chunk: Buffer) => {
    splitter.push(chunk);
    for (let frame = splitter.next(); frame; frame = splitter.next()) {
      const next = waiting.shift();
      if (next) next(frame);
      else frames.push(frame);
    }
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const nextFrame = () =>
    new Promise<Buffer>((resolve) => {
      const frame = frames.shift();
      if (frame) resolve(frame);
      else waiting.push(resolve);
    });
  let correlationId = 0;
  return {
    closed,
    nextFrame,
    send: (bytes) => socket.write(bytes),
    close: () => socket.destroy(),
    async call(api, version, request) {
      socket.write(encodeRequest(api, version, ++correlationId, request));
      const frame = await nextFrame();
      return decodeResponse(api, version, frame) as never;
    },
  };
}

export function encodeRequest(api: AnyApi, version: number, correlationId: number, request: unknown): Buffer {
  const flexible = version >= api.flexibleSince;
  const writer = new Writer();
  writer.int32(0);
  writer.int16(api.key);
  writer.int16(version);
  writer.int32(correlationId);
  nullableString.write(writer, 'raw-client', { version, flexible: false });
  if (flexible) writer.uvarint(0);
  api.request.write(writer, request, { version, flexible });
  const frame = writer.buffer();
  frame.writeInt32BE(frame.length - 4, 0);
  return frame;
}

export function decodeResponse(api: AnyApi, version: number, frame: Buffer): unknown {
  const flexible = version >= api.flexibleSince;
  const reader = new Reader(frame, 4);
  if (flexible && api.key !== apiVersions.key) reader.uvarint();
  const value = api.response.read(reader, { version, flexible });
  if (reader.remaining > 0) throw new Error(`${reader.remaining} bytes left after ${api.name} v${version}`);
  return value;
}
