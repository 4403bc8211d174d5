import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

export interface DataDirLock {
  release(): Promise<void>;
}

/** Unix socket paths are limited to about 100 bytes. */
const MAX_SOCKET_PATH = 100;
const RETRY_MS = 25;

/**
 * Two brokers on one folder would tear its logs, and a new one may start while the old one is still flushing. The lock
 * is a listening local socket: the kernel gives it back however the owner dies. Waits up to `waitMs`, then rejects.
 */
export async function lockDataDir(dataDir: string, waitMs: number): Promise<DataDirLock> {
  const address = socketPath(dataDir);
  for (const deadline = Date.now() + waitMs; ; ) {
    const server = await tryListen(address);
    if (server) {
      server.unref();
      return { release: () => new Promise((resolve) => server.close(() => resolve())) };
    }
    if (Date.now() >= deadline) throw new Error(`another broker uses ${dataDir}`);
    if (!(await isHeld(address))) fs.rmSync(address, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function socketPath(dataDir: string): string {
  const full = path.resolve(dataDir);
  const hash = createHash('sha256').update(full).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\orrery-broker-${hash}`;
  const inside = path.join(full, 'lock.sock');
  return inside.length < MAX_SOCKET_PATH ? inside : path.join(os.tmpdir(), `orrery-broker-${hash}.sock`);
}

function tryListen(address: string): Promise<net.Server | null> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(address, () => resolve(server));
  });
}

function isHeld(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
