import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthServer {
  port: number;
  close(): Promise<void>;
}

const LOCAL_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** `/health/live` answers while the process runs, `/health/ready` 503 until `isReady`. Foreign Host headers get 403 (DNS rebinding). */
export async function serveHealth(host: string, port: number, isReady: () => boolean): Promise<HealthServer> {
  const allowed = new Set([...LOCAL_NAMES, host]);
  const server = http.createServer((request, response) => {
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify(body));
    };
    if (!allowed.has((request.headers.host ?? '').replace(/:\d+$/, ''))) return send(403, { status: 'forbidden' });
    if (request.method !== 'GET') return send(405, { status: 'method not allowed' });
    if (request.url === '/health/live') return send(200, { status: 'live' });
    if (request.url === '/health/ready')
      return isReady() ? send(200, { status: 'ready' }) : send(503, { status: 'starting' });
    return send(404, { status: 'not found' });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
