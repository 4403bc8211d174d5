import type { IncomingMessage, ServerResponse } from 'node:http';

/** Begins a stream of server-sent events; `onClose` is called when its reader has gone. */
export function openEventStream(request: IncomingMessage, response: ServerResponse, onClose: () => void): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': open\n\n');
  request.on('close', onClose);
  response.on('error', onClose);
}

/** A reader that does not read is dropped: it reconnects and gets everything again. */
export function writeEvent(stream: ServerResponse, event: string, data: unknown): void {
  if (stream.writableLength > 1_000_000) {
    stream.destroy();
    return;
  }
  stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
