import { maxBodyBytes } from './guard.ts';

/**
 * Reads a body up to `limit` bytes and gives the request back with it, or null when it is longer. The guard has
 * already judged Content-Length; this also holds for chunked bodies, which have none.
 */
export async function limitBody(request: Request, limit = maxBodyBytes): Promise<Request | null> {
  if (!request.body) return request;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: Buffer.concat(chunks),
    signal: request.signal,
  });
}
