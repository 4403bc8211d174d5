/** The control API (contracts/sandbox/control.ts). Every request needs the token, and a Host that is loopback or known. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AppError } from '#contracts/errors.ts';
import type { ProcessStatus, SandboxState } from '#contracts/sandbox/control.ts';
import type { Topology } from '#contracts/sandbox/topology.ts';
import type { SandboxChaos } from '../chaos/chaos.ts';
import type { ExperimentControl } from '../experiments/experiment-control.ts';
import type { LoadControl } from '../load/load-control.ts';
import type { Processes } from '../processes.ts';
import { allow, decode, notFound, sendJson, sendProblem } from './answers.ts';
import { routeChaos } from './chaos.ts';
import { type ControlChannel, routePatterns } from './control-channel.ts';
import { openEventStream, writeEvent } from './event-stream.ts';
import { routeExperiments } from './experiments.ts';
import { routeExport } from './export.ts';
import { routeLoad } from './load.ts';
import { routeProcesses } from './processes.ts';

/** `hosts`: names under which it is reached besides those of loopback. */
export type Listening = { host: string; port: number; hosts: readonly string[] };

export type ControlOptions = {
  listening: Listening;
  token: string;
  topology: Topology;
  runner: Processes;
  load: LoadControl;
  chaos: SandboxChaos;
  experiments: ExperimentControl;
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
      // For whoever looks after this process: it says nothing that needs a token.
      if (request.url === '/health/live') return sendJson(response, 200, { status: 'ok' });
      authorise(request, options);
      await route(request, response, options, streams);
    };
    answer().catch((error: unknown) => sendProblem(request, response, error));
  });
  server.requestTimeout = 10_000;
  await listen(server, options.listening);
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
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const [version, resource, ...below] = pathname.split('/').filter(Boolean).map(decode);
  if (version !== 'v1') throw notFound(pathname);
  switch (resource) {
    case 'processes':
      return routeProcesses(request, response, options, below);
    case 'patterns':
      return routePatterns(request, response, options.channel, below);
    case 'chaos':
      return routeChaos(request, response, options.chaos, below);
    case 'experiments':
      return routeExperiments(request, response, options.experiments, below);
    case 'load':
      return routeLoad(request, response, options.load, below);
  }
  if (below.length > 0) throw notFound(pathname);
  switch (resource) {
    case 'export':
      return routeExport(request, response);
    case 'topology':
      allow(request, 'GET');
      return sendJson(response, 200, options.topology);
    case 'state':
      allow(request, 'GET');
      return sendJson(response, 200, options.state());
    case 'stream':
      allow(request, 'GET');
      return openStream(request, response, options.runner, streams);
    case 'shutdown':
      allow(request, 'POST');
      options.shutdown();
      return sendJson(response, 202, { stopping: true });
    default:
      throw notFound(pathname);
  }
}

function openStream(
  request: IncomingMessage,
  response: ServerResponse,
  runner: Processes,
  streams: Set<ServerResponse>,
): void {
  openEventStream(request, response, () => streams.delete(response));
  for (const process of runner.processes) writeEvent(response, 'process', process.status());
  streams.add(response);
}

function authorise(request: IncomingMessage, { listening, token }: ControlOptions): void {
  const host = request.headers.host ?? '';
  const known = ['127.0.0.1', 'localhost', ...listening.hosts].map((name) => `${name}:${listening.port}`);
  if (!known.includes(host)) {
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

async function listen(server: Server, { host, port }: Listening): Promise<void> {
  const listening = once(server, 'listening');
  server.listen({ port, host, exclusive: true });
  await listening;
}
