import net from 'node:net';
import type { Advertised } from '../apis/api.ts';
import { type ConnectionOptions, serveConnection } from './connection.ts';

/** Where to listen and what to tell clients that come in here; without `advertised` it is the address itself. */
export interface ListenerSpec {
  host: string;
  port: number;
  advertised?: Advertised;
}

export interface Listener {
  host: string;
  port: number;
  advertised: Advertised;
  /** Stops accepting and closes every connection. */
  close(): Promise<void>;
}

/** Binds and serves. Rejects when the address is taken. */
export async function listen(spec: ListenerSpec, options: Omit<ConnectionOptions, 'advertised'>): Promise<Listener> {
  const sockets = new Set<net.Socket>();
  let advertised: Advertised = { host: spec.host, port: spec.port };
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveConnection(socket, { ...options, advertised });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(spec.port, spec.host, resolve);
  });
  const { port } = server.address() as net.AddressInfo;
  advertised = spec.advertised ?? { host: spec.host, port };
  return {
    host: spec.host,
    port,
    advertised,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
