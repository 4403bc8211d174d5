import { connect, type Socket } from 'node:net';
import { AppError } from '#contracts/errors.ts';
import { WireReader, WireWriter } from './wire.ts';

const clientId = 'auditor';
const connectTimeoutMs = 2_000;

export type Connection = {
  /** Sends one request, resolves to the body of its answer. Throws `unavailable`, `deadline_exceeded`. */
  call(api: number, version: number, body: Buffer, timeoutMs: number): Promise<WireReader>;
  close(): void;
};

/** One connection to the broker; requests are answered in order, one at a time is enough for us. */
export async function openConnection(address: string): Promise<Connection> {
  const socket = await open(address);
  let correlation = 0;
  let queue: Promise<unknown> = Promise.resolve();
  const frames = createFrames(socket);

  async function exchange(api: number, version: number, body: Buffer, timeoutMs: number): Promise<WireReader> {
    correlation += 1;
    const head = new WireWriter().int16(api).int16(version).int32(correlation).string(clientId).finish();
    socket.write(Buffer.concat([new WireWriter().int32(head.length + body.length).finish(), head, body]));
    const answer = new WireReader(await frames.next(timeoutMs));
    if (answer.int32() !== correlation) {
      socket.destroy();
      throw new AppError('dependency_failed', 'the broker answered another request');
    }
    return answer;
  }

  return {
    call(api, version, body, timeoutMs) {
      const result = queue.then(() => exchange(api, version, body, timeoutMs));
      queue = result.catch(() => undefined);
      return result;
    },
    close: () => void socket.destroy(),
  };
}

function open(address: string): Promise<Socket> {
  const [host = '127.0.0.1', port = '9092'] = address.split(':');
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) => reject(new AppError('unavailable', `no broker at ${address}`, { cause }));
    const socket = connect({ host, port: Number(port), noDelay: true, timeout: connectTimeoutMs });
    socket.once('error', fail);
    socket.once('timeout', () => socket.destroy(new Error(`no connection within ${connectTimeoutMs} ms`)));
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

/** Cuts the stream into answers: each begins with its length. */
function createFrames(socket: Socket) {
  let chunks: Buffer[] = [];
  let size = 0;
  let waiting: { resolve: (frame: Buffer) => void; reject: (error: Error) => void } | null = null;
  let ended: Error | null = null;

  const deliver = () => {
    if (waiting === null || size < 4) return;
    const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size);
    chunks = [bytes];
    const length = bytes.readInt32BE(0);
    if (size < 4 + length) return;
    chunks = [bytes.subarray(4 + length)];
    size -= 4 + length;
    waiting.resolve(bytes.subarray(4, 4 + length));
    waiting = null;
  };
  const end = (error: Error) => {
    ended ??= error;
    waiting?.reject(ended);
    waiting = null;
  };
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    deliver();
  });
  socket.on('error', (cause) => end(new AppError('unavailable', 'the connection to the broker broke', { cause })));
  socket.on('close', () => end(new AppError('unavailable', 'the broker closed the connection')));

  return {
    next(timeoutMs: number): Promise<Buffer> {
      if (ended !== null) return Promise.reject(ended);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          // A late answer would be taken for the next one's.
          socket.destroy();
          reject(new AppError('deadline_exceeded', `the broker did not answer within ${timeoutMs} ms`));
        }, timeoutMs);
        waiting = {
          resolve(frame) {
            clearTimeout(timer);
            resolve(frame);
          },
          reject(error) {
            clearTimeout(timer);
            reject(error);
          },
        };
        deliver();
      });
    },
  };
}
