import type { ServerResponse } from 'node:http';

/** A server-sent event stream (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export type EventStream = {
  send(event: string, data: unknown): void;
  /** Resolves when the reader has taken what was sent, or has left: await it between parts of something large. */
  drained(): Promise<void>;
};

const heartbeatMs = 15_000;
// A reader this far behind is gone or stuck: it reconnects and asks anew, instead of us holding its backlog.
const mostBufferedBytes = 4 * 1024 * 1024;

/** Opens the stream; `onClose` runs once, whoever ends it. */
export function openEventStream(response: ServerResponse, onClose: () => void): EventStream {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.write(': open\n\n');
  const write = (text: string): void => {
    if (response.destroyed || response.writableEnded) return;
    response.write(text);
    if (response.writableLength > mostBufferedBytes) response.destroy();
  };
  const heartbeat = setInterval(() => write(': still here\n\n'), heartbeatMs);
  response.once('close', () => {
    clearInterval(heartbeat);
    onClose();
  });
  // One for all who wait, with one listener: a reader that is stuck for long is waited for often.
  let draining: Promise<void> | null = null;
  const drain = () =>
    new Promise<void>((resolve) => {
      const done = (): void => {
        response.off('drain', done);
        response.off('close', done);
        draining = null;
        resolve();
      };
      response.once('drain', done);
      response.once('close', done);
    });
  return {
    send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    async drained() {
      if (response.destroyed || !response.writableNeedDrain) return;
      draining ??= drain();
      await draining;
    },
  };
}
