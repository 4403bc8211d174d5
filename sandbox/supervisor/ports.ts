import { connect, createServer } from 'node:net';
import { AppError } from '#contracts/errors.ts';

/** Port in use by process and purpose. */
export type PortTable = Record<string, Record<string, number>>;
export type PortWish = { process: string; purpose: string; port: number };

/**
 * Gives each wish its port, or the next free one above it. A port is given once, and never one that another wish
 * asks for by default, so that one stranger on 8101 does not push the whole row along.
 */
export async function assignPorts(
  wishes: readonly PortWish[],
  isFree: (port: number) => Promise<boolean> = portIsFree,
): Promise<PortTable> {
  const table: PortTable = {};
  const given = new Set<number>();
  const wished = new Set(wishes.map((wish) => wish.port));
  for (const { process, purpose, port } of wishes) {
    const usable = async (candidate: number) =>
      !given.has(candidate) && (candidate === port || !wished.has(candidate)) && (await isFree(candidate));
    let candidate = port;
    while (!(await usable(candidate))) {
      candidate += 1;
      if (candidate > 65_535 || candidate > port + 500) {
        throw new AppError('unavailable', `no free port for ${process} (${purpose}) from ${port} on`);
      }
    }
    given.add(candidate);
    table[process] = { ...table[process], [purpose]: candidate };
  }
  return table;
}

/**
 * True when nobody listens there. Binding alone does not tell: macOS lets a loopback listener beside a wildcard one,
 * and the browser would then reach one or the other.
 */
export async function portIsFree(port: number): Promise<boolean> {
  return (await canBind(port)) && !(await answers(port));
}

function canBind(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 500 });
    const end = (found: boolean) => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
