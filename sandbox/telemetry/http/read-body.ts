import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AppError } from '#contracts/errors.ts';

const unzip = promisify(gunzip);

/** The body, decompressed when gzip; both sizes are limited. Throws payload_too_large, invalid_argument, … */
export async function readBody(request: IncomingMessage, maxBytes: number, maxUnzipped: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip')
    throw new AppError('unsupported_media_type', `content-encoding ${encoding.slice(0, 40)} is not known; use gzip`);
  const raw = await collect(request, maxBytes);
  return encoding === 'gzip' ? unzipped(raw, maxUnzipped) : raw;
}

async function collect(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = (): AppError => new AppError('payload_too_large', `the body may have at most ${maxBytes} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      size += (chunk as Buffer).length;
      if (size > maxBytes) throw tooLarge();
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if (size > maxBytes) throw tooLarge();
    throw new AppError('cancelled', 'the client went away before its request was complete', { cause: error });
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size);
}

async function unzipped(raw: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await unzip(raw, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new AppError('payload_too_large', `the body may have at most ${maxBytes} bytes when decompressed`);
    throw new AppError('invalid_argument', 'the body is not gzip', { cause: error });
  }
}
