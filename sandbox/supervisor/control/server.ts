/** The control API (contracts/sandbox/control.ts) on loopback. Every request needs the token and a loopback Host. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AppError, errorCodes, isAppError, type Problem } from '#contracts/errors.ts';
import { ProcessAction, type ProcessStatus, type SandboxState } from '#contracts/sandbox/control.ts';
import type { Topology } from '#contracts/sandbox/topology.ts';
import type { FleetRunner } from '../fleet-runner.ts';

export type ControlOptions = {
  port: number;
  token: string;
  topology: Topology;
  runner: FleetRunner;
  state(): SandboxState;
  shutdown(): void;
};

export type ControlServer = {
  /** Sends a status to everyone who listens on the stream. */
  publish(status: ProcessStatus): void;
  close(): Promise<void>;
};

export async function startControlServer(options: ControlOptions): Promise<ControlServer> {
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    try {
      authorise(request, options);
      route(request, response, options, streams);
    } catch (error) {
      sendProblem(request, response, error);
    }
  });
  server.requestTimeout = 10_000;
  await listen(server, options.port);
  return {
    publish(status) {
      for (const stream of streams) writeEvent(stream, status);
    },
    async close() {
      for (const stream of streams) stream.end();
      server.closeAllConnections();
      server.close();
      await once(server, 'close').catch(() => {});
    },
  };
}

function route(
  request: IncomingMessage,
  response: ServerResponse,
  options: ControlOptions,
  streams: Set<ServerResponse>,
): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const parts = url.pathname.split('/').filter(Boolean);
  const [version, resource, name, action] = parts.map(decode);
  if (version !== 'v1' || resource === undefined) throw notFound(url.pathname);
  const { runner } = options;
  if (resource === 'processes' && name !== undefined && action !== undefined && parts.length === 4) {
    if (action === 'logs') {
      allow(request, 'GET');
      const after = wholeNumber(url.searchParams, 'after', 0, 0, Number.MAX_SAFE_INTEGER);
      sendJson(response, 200, runner.find(name).lines(wholeNumber(url.searchParams, 'lines', 200, 1, 2_000), after));
      return;
    }
    const parsed = ProcessAction.safeParse(action);
    if (!parsed.success) throw notFound(url.pathname);
    allow(request, 'POST');
    sendJson(response, 202, runner.act(name, parsed.data).status());
    return;
  }
  if (resource === 'processes' && name !== undefined && parts.length === 3) {
    allow(request, 'GET');
    sendJson(response, 200, runner.find(name).status());
    return;
  }
  if (parts.length !== 2) throw notFound(url.pathname);
  switch (resource) {
    case 'topology':
      allow(request, 'GET');
      sendJson(response, 200, options.topology);
      return;
    case 'processes':
      allow(request, 'GET');
      sendJson(
        response,
        200,
        runner.processes.map((process) => process.status()),
      );
      return;
    case 'state':
      allow(request, 'GET');
      sendJson(response, 200, options.state());
      return;
    case 'stream':
      allow(request, 'GET');
      openStream(request, response, runner, streams);
      return;
    case 'shutdown':
      allow(request, 'POST');
      sendJson(response, 202, { stopping: true });
      options.shutdown();
      return;
    default:
      throw notFound(url.pathname);
  }
}

function openStream(
  request: IncomingMessage,
  response: ServerResponse,
  runner: FleetRunner,
  streams: Set<ServerResponse>,
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': processes of the sandbox\n\n');
  for (const process of runner.processes) writeEvent(response, process.status());
  streams.add(response);
  request.on('close', () => streams.delete(response));
  response.on('error', () => streams.delete(response));
}

/** A reader that does not read is dropped: it reconnects and gets all states again. */
function writeEvent(stream: ServerResponse, status: ProcessStatus): void {
  if (stream.writableLength > 1_000_000) {
    stream.destroy();
    return;
  }
  stream.write(`event: process\ndata: ${JSON.stringify(status)}\n\n`);
}

function authorise(request: IncomingMessage, { port, token }: ControlOptions): void {
  const host = request.headers.host ?? '';
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) {
    throw new AppError('forbidden', `host "${host.slice(0, 100)}" is not served here`);
  }
  // No browser talks to this API: a page that tries is somebody else's.
  const site = request.headers['sec-fetch-site'];
  if (request.headers.origin !== undefined || (site !== undefined && site !== 'none')) {
    throw new AppError('forbidden', 'requests from web pages are not answered');
  }
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!timingSafeEqual(digest(given), digest(token))) {
    throw new AppError('unauthenticated', 'the control token is missing or wrong');
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function wholeNumber(query: URLSearchParams, name: string, fallback: number, min: number, max: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new AppError(
      'invalid_argument',
      `${name} must be a whole number from ${min} to ${max}, not "${text.slice(0, 50)}"`,
    );
  }
  return value;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new AppError('invalid_argument', 'the path is not well-formed', { cause });
  }
}

function allow(request: IncomingMessage, method: 'GET' | 'POST'): void {
  if (request.method === method) return;
  throw new AppError('method_not_allowed', `${request.method} is not allowed here, ${method} is`, {
    details: { allow: method },
  });
}

function notFound(path: string): AppError {
  return new AppError('not_found', `there is nothing at ${path.slice(0, 200)}`);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function sendProblem(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const known = isAppError(error) ? error : new AppError('internal', 'unexpected error', { cause: error });
  const { status } = errorCodes[known.code];
  const problem: Problem = {
    type: `/problems/${known.code}`,
    title: known.code.replaceAll('_', ' '),
    status,
    code: known.code,
    detail: known.message,
    instance: request.url,
  };
  const allowed = typeof known.details.allow === 'string' ? { allow: known.details.allow } : {};
  response.writeHead(status, { 'content-type': 'application/problem+json', ...allowed });
  response.end(JSON.stringify(problem));
  request.resume();
}

async function listen(server: Server, port: number): Promise<void> {
  const listening = once(server, 'listening');
  server.listen({ port, host: '127.0.0.1', exclusive: true });
  await listening;
}
