/** The auditor's API (contracts/sandbox/audit.ts). Every request needs the token and a Host that is loopback or allowed. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { AppError, errorCodes, isAppError, type Problem } from '#contracts/errors.ts';
import { type AuditBoard, type FinalAudit, FinalRequest } from '#contracts/sandbox/audit.ts';

export type AuditApi = {
  board(): AuditBoard;
  final(): FinalAudit | null;
  startFinal(request: FinalRequest): FinalAudit;
};

export type AuditServer = {
  port: number;
  publish(event: 'board' | 'final', data: unknown): void;
  /** How many follow the stream. */
  readers(): number;
  close(): Promise<void>;
};

const mostBodyBytes = 10_000;
const heartbeatMs = 15_000;
const loopback = ['127.0.0.1', 'localhost', '[::1]'];

export async function serveAudit(
  api: AuditApi,
  options: { host: string; port: number; token: string; allowedHosts: string },
): Promise<AuditServer> {
  const more = options.allowedHosts.split(',').map((name) => name.trim().toLowerCase());
  const served = new Set([...loopback, ...more.filter((name) => name !== '')]);
  const streams = new Set<ServerResponse>();
  const server = createServer({ requestTimeout: 10_000, keepAliveTimeout: 60_000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => sendProblem(request, response, error));
  });
  const heartbeat = setInterval(() => {
    for (const stream of streams) stream.write(': still here\n\n');
  }, heartbeatMs);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    refuseForeign(request, served);
    if (pathname === '/health/live' || pathname === '/health/ready') return sendJson(response, 200, { status: 'ok' });
    requireToken(request, options.token);
    const [version, resource, id] = pathname.split('/').filter(Boolean);
    if (version !== 'v1') throw unknownPath(pathname);
    const method = request.method ?? 'GET';
    if (resource === 'final' && method === 'POST' && id === undefined) {
      return sendJson(response, 202, api.startFinal(parse(await readBody(request))));
    }
    if (method !== 'GET') throw new AppError('method_not_allowed', `${method} ${pathname} is not known here`);
    if (resource === 'verdicts' && id === undefined) return sendJson(response, 200, api.board());
    if (resource === 'verdicts') {
      const verdict = api.board().verdicts.find((one) => one.id === id);
      if (verdict === undefined) throw new AppError('not_found', `there is no invariant ${id}`);
      return sendJson(response, 200, verdict);
    }
    if (resource === 'final' && id === undefined) {
      const final = api.final();
      if (final === null) throw new AppError('not_found', 'no final audit was made since the auditor started');
      return sendJson(response, 200, final);
    }
    if (resource === 'stream' && id === undefined) return openStream(response);
    throw unknownPath(pathname);
  }

  function openStream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    response.write(`: open\n\n${eventText('board', api.board())}`);
    const final = api.final();
    if (final !== null) response.write(eventText('final', final));
    streams.add(response);
    response.once('close', () => streams.delete(response));
  }

  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    readers: () => streams.size,
    publish(event, data) {
      if (streams.size === 0) return;
      const text = eventText(event, data);
      for (const stream of streams) stream.write(text);
    },
    async close() {
      clearInterval(heartbeat);
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function eventText(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function parse(text: string): FinalRequest {
  let body: unknown;
  try {
    body = text.trim() === '' ? {} : JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid_argument', 'the body is not JSON', { cause });
  }
  const parsed = FinalRequest.safeParse(body);
  if (!parsed.success) throw new AppError('invalid_argument', `the body: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > mostBodyBytes)
      throw new AppError('payload_too_large', `the body may have at most ${mostBodyBytes} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Refuses what a web page could send: a name that was rebound to this address, and requests of another origin. */
function refuseForeign(request: IncomingMessage, served: ReadonlySet<string>): void {
  const host = request.headers.host ?? '';
  if (!served.has(host.replace(/:\d+$/, '').toLowerCase()))
    throw new AppError('forbidden', 'this host is not served here; use 127.0.0.1 or localhost');
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (
    (origin !== undefined && origin !== `http://${host}`) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none')
  ) {
    throw new AppError('forbidden', 'requests from other origins are refused');
  }
}

function requireToken(request: IncomingMessage, token: string): void {
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(given), digest(token))) {
    throw new AppError('unauthenticated', 'send Authorization: Bearer <AUDITOR_TOKEN>');
  }
}

function unknownPath(path: string): AppError {
  return new AppError('not_found', `${path.slice(0, 100)} is not known here`);
}

function sendProblem(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const known = isAppError(error) ? error : new AppError('internal', 'something went wrong inside; see the log');
  const problem: Problem = {
    type: `/problems/${known.code}`,
    title: known.code.replaceAll('_', ' '),
    status: errorCodes[known.code].status,
    code: known.code,
    detail: known.message,
    instance: (request.url ?? '/').split('?')[0] ?? '/',
  };
  sendJson(response, problem.status, problem, 'application/problem+json');
}

function sendJson(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
