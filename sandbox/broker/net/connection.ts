import type { Socket } from 'node:net';
import type { Advertised } from '../apis/api.ts';
import { describeError, type Logger } from '../logger.ts';
import { WireError } from '../wire/errors.ts';
import { FrameSplitter } from '../wire/frame-splitter.ts';
import type { Dispatcher, ResponseFrame } from './dispatch.ts';

export interface ConnectionOptions {
  dispatch: Dispatcher;
  advertised: Advertised;
  maxRequestBytes: number;
  maxInFlight: number;
  logger: Logger;
}

/** One answer in request order; `frame` is undefined until it is known. */
interface Slot {
  frame: ResponseFrame | undefined;
}

/**
 * Serves one client socket. Requests may finish out of order (a held Fetch does not block the next request), answers
 * leave in the order of the requests. Reading pauses while too many are under way or the client does not read.
 * Whatever cannot be a request closes this connection with one log line.
 */
export function serveConnection(socket: Socket, options: ConnectionOptions): void {
  const { logger } = options;
  const splitter = new FrameSplitter(options.maxRequestBytes);
  const closing = new AbortController();
  const slots: Slot[] = [];
  const peer = { clientHost: socket.remoteAddress ?? '', advertised: options.advertised, signal: closing.signal };

  const client = `${socket.remoteAddress}:${socket.remotePort}`;
  const closeOn = (reason: string, fields: Record<string, unknown> = {}) => {
    if (closing.signal.aborted) return;
    logger.warn('connection closed', { reason, client, ...fields });
    closing.abort();
    socket.destroy();
  };

  const flush = () => {
    if (closing.signal.aborted) return;
    socket.cork();
    while (slots[0] && slots[0].frame !== undefined) {
      for (const chunk of slots.shift()?.frame ?? []) socket.write(chunk);
    }
    socket.uncork();
  };

  const serve = (frame: Buffer) => {
    const result = options.dispatch(frame, peer);
    if (!(result instanceof Promise)) {
      slots.push({ frame: result });
      return;
    }
    const slot: Slot = { frame: undefined };
    slots.push(slot);
    result.then(
      (answer) => {
        slot.frame = answer;
        flush();
        pump();
      },
      (error) => closeOn('response could not be encoded', describeError(error)),
    );
  };

  const pump = () => {
    try {
      while (!closing.signal.aborted && slots.length < options.maxInFlight && !socket.writableNeedDrain) {
        const frame = splitter.next();
        if (!frame) break;
        serve(frame);
        flush();
      }
    } catch (error) {
      if (error instanceof WireError) closeOn('bad frame', { error: error.message });
      else closeOn('internal error', describeError(error));
      return;
    }
    if (slots.length >= options.maxInFlight || socket.writableNeedDrain) socket.pause();
    else if (socket.isPaused()) socket.resume();
  };

  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    splitter.push(chunk);
    pump();
  });
  socket.on('drain', pump);
  socket.on('error', (error) => logger.debug('socket error', { error: error.message }));
  socket.on('close', () => {
    if (splitter.pendingBytes > 0) closeOn('truncated frame', { pendingBytes: splitter.pendingBytes });
    closing.abort();
  });
}
