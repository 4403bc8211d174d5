/** A listening address with an upstream behind it, its connections, and the toxics on them. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { AppError } from '#contracts/errors.ts';
import type { Clock } from '../clock.ts';
import { formatAddress, parseAddress, parseListen } from './address.ts';
import { type Connection, joinSockets } from './connection.ts';
import type { Stream, Toxic } from './toxic.ts';

export type TcpProxyOptions = { name: string; listen: string; upstream: string; clock: Clock };

export class TcpProxy {
  readonly name: string;
  listen: string;
  upstream: string;
  /** Bytes that came in, by direction. */
  readonly receivedBytes: Record<Stream, number> = { upstream: 0, downstream: 0 };
  /** Connections that were cut because the proxy was disabled. */
  cut = 0;
  readonly #clock: Clock;
  readonly #connections = new Set<Connection>();
  #toxics: readonly Toxic[] = [];
  #server: Server | null = null;
  #accepted = 0;

  constructor({ name, listen, upstream, clock }: TcpProxyOptions) {
    this.name = name;
    parseListen(listen);
    parseAddress(upstream, 'upstream');
    this.listen = listen;
    this.upstream = upstream;
    this.#clock = clock;
  }

  get enabled(): boolean {
    return this.#server !== null;
  }

  get toxics(): readonly Toxic[] {
    return this.#toxics;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Listens. Port 0 becomes the port that was given. Throws `unavailable` when the address is taken. */
  async start(): Promise<void> {
    if (this.#server !== null) return;
    const address = parseListen(this.listen);
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
    const listening = once(server, 'listening');
    server.listen({ ...address, exclusive: true });
    await listening.catch((cause) => {
      throw new AppError('unavailable', `listen tcp ${formatAddress(address)}: ${(cause as Error).message}`, { cause });
    });
    const { port } = server.address() as AddressInfo;
    this.listen = formatAddress({ host: address.host, port });
    this.#server = server;
  }

  /** Stops listening and cuts every connection: callers see a refused connection. Idempotent. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const closed = once(server, 'close');
    server.close();
    this.cut += this.#connections.size;
    for (const connection of [...this.#connections]) connection.destroy();
    await closed;
  }

  /** The toxics from now on, in the order in which bytes meet them, for connections that are open too. */
  setToxics(toxics: readonly Toxic[]): void {
    this.#toxics = toxics;
    for (const connection of [...this.#connections]) connection.apply(toxics);
  }

  #accept(client: Socket): void {
    const upstream = connect({ ...parseAddress(this.upstream, 'upstream'), allowHalfOpen: true, noDelay: true });
    this.#accepted += 1;
    const connection = joinSockets({
      client,
      upstream,
      clock: this.#clock,
      number: this.#accepted,
      received: (stream, bytes) => {
        this.receivedBytes[stream] += bytes;
      },
      onClosed: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
    connection.apply(this.#toxics);
  }
}
