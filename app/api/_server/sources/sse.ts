import { AppError } from '#contracts/errors.ts';
import { openStream, type RequestOptions } from './http.ts';

export type ServerSentEvent = { event: string; id: string | null; data: string };

/** Longest event that is kept; a source that never ends a line must not fill the memory. */
const maxEventChars = 8 * 1024 * 1024;

/**
 * Splits a text stream into server-sent events (HTML standard §9.2.6): fields by line, events by empty line, comments
 * dropped. An event without data is not yielded.
 */
export async function* parseServerSentEvents(chunks: AsyncIterable<string>): AsyncGenerator<ServerSentEvent> {
  let rest = '';
  let event = '';
  let id: string | null = null;
  let data: string[] = [];
  for await (const chunk of chunks) {
    rest += chunk;
    if (rest.length > maxEventChars) throw new AppError('dependency_failed', 'a server-sent event was too long');
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { event: event || 'message', id, data: data.join('\n') };
        event = '';
        data = [];
        continue;
      }
      const colon = line.indexOf(':');
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') event = value;
      else if (field === 'data') data.push(value);
      else if (field === 'id') id = value;
    }
  }
}

/**
 * Events of a process's SSE endpoint until `signal` aborts; first, as in a browser, one named `open` without data: what
 * happens from now on will be sent. Throws an AppError when it cannot be opened, and
 * `unavailable` when it ends by itself: a stream is not supposed to, and the browser reconnects on that.
 */
export async function* serverSentEvents(options: RequestOptions): AsyncGenerator<ServerSentEvent> {
  const body = await openStream(options);
  try {
    yield { event: 'open', id: null, data: '' };
    yield* parseServerSentEvents(body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>));
  } catch (error) {
    if (options.signal?.aborted) return;
    throw new AppError('unavailable', `${options.process} closed the stream`, { cause: error });
  }
  if (!options.signal?.aborted) throw new AppError('unavailable', `${options.process} closed the stream`);
}
