import type { FastifyReply } from 'fastify';

export type EventStream = {
  /** Sends one event; `data` is sent as JSON. Returns false when the client is slow and the buffer is full. */
  send(event: string, data: unknown, id?: string): boolean;
  close(): void;
  /** Resolves when the client has gone or the stream was closed. */
  closed: Promise<void>;
};

/** Proxies and browsers drop silent connections; a comment now and then keeps them open. */
const keepAliveMs = 15_000;

/**
 * Answers a request with server-sent events (HTML standard §9.2). Use in a route handler with `raw`, and return
 * undefined: `const stream = openEventStream(raw); …; return undefined;`
 */
export function openEventStream(raw: { reply: FastifyReply }, signal?: AbortSignal): EventStream {
  const { reply } = raw;
  reply.hijack();
  const response = reply.raw;
  response.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write(':\n\n');
  const keepAlive = setInterval(() => response.write(':\n\n'), keepAliveMs);
  const closed = new Promise<void>((resolve) => {
    response.once('close', () => {
      clearInterval(keepAlive);
      signal?.removeEventListener('abort', close);
      resolve();
    });
  });
  function close(): void {
    response.end();
  }
  signal?.addEventListener('abort', close, { once: true });
  return {
    send: (event, data, id) =>
      response.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    close,
    closed,
  };
}
