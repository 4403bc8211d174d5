/** A client's socket and the socket to the upstream, joined by a link in each direction. */
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { Link } from './link.ts';
import type { Toxic } from './toxic.ts';

export type ConnectionOptions = {
  client: Socket;
  upstream: Socket;
  clock: Clock;
  /** Number of the connection on its proxy, from 1. */
  number: number;
  received(stream: 'upstream' | 'downstream', bytes: number): void;
  /** Called once, when both sockets are closed. */
  onClosed(): void;
};

export type Connection = {
  apply(toxics: readonly Toxic[]): void;
  /** Closes both sockets after what was written to them has left. */
  close(): void;
  /** Closes both sockets at once. */
  destroy(): void;
};

/** Joins two sockets; both must allow half-open, so that each direction ends by itself. */
export function joinSockets(options: ConnectionOptions): Connection {
  const { client, upstream, clock, number, received } = options;
  const sockets = [client, upstream];
  const close = () => {
    for (const socket of sockets) socket.destroySoon();
  };
  const reset = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const hooks = { clock, connection: number, close, reset };
  const up = new Link(client, upstream, { ...hooks, received: (bytes) => received('upstream', bytes) });
  const down = new Link(upstream, client, { ...hooks, received: (bytes) => received('downstream', bytes) });
  let open = 2;
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    // A reset on one side is one on the other; a refused upstream looks like a reset, as it does through Toxiproxy.
    socket.on('error', () => other.resetAndDestroy());
    socket.on('close', () => {
      open -= 1;
      if (open > 0) return;
      up.dispose();
      down.dispose();
      options.onClosed();
    });
  }
  return {
    apply(toxics) {
      up.apply(toxics.filter((toxic) => toxic.stream === 'upstream'));
      down.apply(toxics.filter((toxic) => toxic.stream === 'downstream'));
    },
    close,
    destroy() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
