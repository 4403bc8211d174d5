/** The control API (contracts/sandbox/control.ts) on loopback. Every request needs the token and a loopback Host. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AppError } from '#contracts/errors.ts';
import { ProcessAction, type ProcessStatus, type SandboxState } from '#contracts/sandbox/control.ts';
import type { Topology } from '#contracts/sandbox/topology.ts';
import type { SandboxChaos } from '../chaos/chaos.ts';
import type { FleetRunner } from '../fleet-runner.ts';
import type { LoadControl } from '../load/load-control.ts';
import { allow, decode, notFound, sendJson, sendProblem } from './answers.ts';
import { routeChaos } from './chaos.ts';
import { allPatterns, type ControlChannel, forward, forwarded, switchedOff } from './control-channel.ts';
import { openEventStream, writeEvent } from './event-stream.ts';
import { routeExport } from './export.ts';
import { routeLoad } from './load.ts';

export type ControlOptions = {
  port: number;
  token: string;
  topology: Topology;
  runner: FleetRunner;
  load: LoadControl;
  chaos: SandboxChaos;
  channel: ControlChannel;
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
    const answer = async () => {
      authorise(request, options);
      await route(request, response, options, streams);
    };
    answer().catch((error: unknown) => sendProblem(request, response, error));
  });
  server.requestTimeout = 10_000;
  await listen(server, options.port);
  return {
    publish(status) {
      for (const stream of streams) writeEvent(stream, 'process', status);
    },
    async close() {
      for (const stream of streams) stream.end();
      server.closeAllConnections();
      server.close();
      await once(server, 'close').catch(() => {});
    },
  };
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  options: ControlOptions,
  streams: Set<ServerResponse>,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const parts = url.pathname.split('/').filter(Boolean);
  const [version, resource, name, action] = parts.map(decode);
  if (version !== 'v1' || resource === undefined) throw notFound(url.pathname);
  const { runner } = options;
  if (resource === 'processes' && name !== undefined && forwarded.some((known) => known === action)) {
    runner.find(name);
    await forward(options.channel, request, response, { service: name, rest: parts.slice(3).map(decode) });
    return;
  }
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
  if (resource === 'chaos') {
    await routeChaos(request, response, options.chaos, parts.slice(2).map(decode));
    return;
  }
  if (resource === 'load') {
    await routeLoad(request, response, options.load, parts.slice(2).map(decode));
    return;
  }
  if (resource === 'patterns' && name === 'off' && parts.length === 3) {
    allow(request, 'GET');
    sendJson(response, 200, await switchedOff(options.channel));
    return;
  }
  if (parts.length !== 2) throw notFound(url.pathname);
  switch (resource) {
    case 'export':
      await routeExport(request, response);
      return;
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
    case 'patterns':
      allow(request, 'GET');
      sendJson(response, 200, await allPatterns(options.channel));
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
  openEventStream(request, response, () => streams.delete(response));
  for (const process of runner.processes) writeEvent(response, 'process', process.status());
  streams.add(response);
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

async function listen(server: Server, port: number): Promise<void> {
  const listening = once(server, 'listening');
  server.listen({ port, host: '127.0.0.1', exclusive: true });
  await listening;
}
