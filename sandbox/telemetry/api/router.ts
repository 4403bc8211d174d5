import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, isAppError } from '#contracts/errors.ts';
import type { Log } from '#sandbox/log.ts';
import { refuseForeign, requireBearer } from '../http/guard.ts';
import { send, sendJson, sendProblem } from '../http/problem.ts';
import type { Receiver } from '../otlp/receiver.ts';
import type { Answers } from './answers.ts';
import { answerFacets, answerLogSearch, answerRed, answerTrace, answerTraceSearch, readFaults } from './queries.ts';
import { openLogStream, openRedStream, openSpanStream, openTraceStream } from './streams.ts';

export type RouterDeps = {
  answers: Answers;
  /** Who takes OTLP; null where the Collector does. */
  receiver: Receiver | null;
  token: string;
  /** Host names that requests may be addressed to. */
  served: ReadonlySet<string>;
  log: Log;
};

type Exchange = {
  request: IncomingMessage;
  response: ServerResponse;
  params: URLSearchParams;
  /** Aborts when the client leaves. */
  signal: AbortSignal;
};
/** A route's answer is sent as JSON; undefined means that the handler has answered itself. */
type Handler = (exchange: Exchange, id: string) => Promise<unknown> | unknown;
type Method = 'GET' | 'POST' | 'PUT';
type Route = { method: Method; path: RegExp; open: boolean; handle: Handler };

/** The request listener: guards, then the one matching route. */
export function createRouter(deps: RouterDeps): (request: IncomingMessage, response: ServerResponse) => void {
  const routes = routesOf(deps);
  return (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    answer(routes, deps, path, request, response).catch((error) => {
      if (!isAppError(error)) deps.log.error('request failed', { path, reason: String(error) });
      if (response.headersSent) response.destroy();
      else sendProblem(response, error, path);
    });
  };
}

function routesOf({ answers, receiver, log }: RouterDeps): Route[] {
  const streams = { answers, log };
  const otlp = (signal: 'traces' | 'logs' | 'metrics'): Route => ({
    method: 'POST',
    path: new RegExp(`^/v1/${signal}$`),
    open: true, // guarded by its own key
    handle({ request, response }) {
      if (receiver === null) throw new AppError('not_found', 'this process only reads: send OTLP to the Collector');
      return receiver.receive(signal, request, response);
    },
  });
  const api = (method: Method, path: RegExp, handle: Handler): Route => ({ method, path, open: false, handle });
  return [
    otlp('traces'),
    otlp('logs'),
    otlp('metrics'),
    { method: 'GET', path: /^\/health\/live$/, open: true, handle: () => ({ status: 'live' }) },
    { method: 'GET', path: /^\/health\/ready$/, open: true, handle: ({ signal }) => answerReady(answers, signal) },
    api('POST', /^\/api\/traces\/search$/, ({ request, signal }) => answerTraceSearch(answers, request, signal)),
    api('GET', /^\/api\/traces\/([^/]+)$/, ({ signal }, id) => answerTrace(answers, id, signal)),
    api('POST', /^\/api\/logs\/search$/, ({ request, signal }) => answerLogSearch(answers, request, signal)),
    api('POST', /^\/api\/red$/, ({ request, signal }) => answerRed(answers, request, signal)),
    api('GET', /^\/api\/facets$/, ({ params, signal }) => answerFacets(answers, params, signal)),
    api('GET', /^\/api\/stats$/, ({ signal }) => answers.stats(signal)),
    api('PUT', /^\/api\/faults$/, async ({ request, response }) => {
      answers.learnFaults(await readFaults(request));
      send(response, 204, 'application/json', '');
    }),
    api('GET', /^\/api\/stream\/traces$/, ({ params, response }) => openTraceStream(streams, params, response)),
    api('GET', /^\/api\/stream\/traces\/([^/]+)$/, ({ response }, id) => openSpanStream(streams, id, response)),
    api('GET', /^\/api\/stream\/logs$/, ({ params, response }) => openLogStream(streams, params, response)),
    api('GET', /^\/api\/stream\/red$/, ({ params, response }) => openRedStream(streams, params, response)),
  ];
}

async function answer(
  routes: Route[],
  deps: RouterDeps,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  refuseForeign(request, deps.served);
  const here = routes.filter((route) => route.path.test(path));
  const route = here.find(({ method }) => method === request.method);
  if (path.startsWith('/api/')) requireBearer(request, deps.token);
  if (here.length === 0) throw new AppError('not_found', `there is nothing at ${path.slice(0, 120)}`);
  if (route === undefined) {
    response.setHeader('allow', here.map(({ method }) => method).join(', '));
    throw new AppError('method_not_allowed', `${request.method} is not for ${path}`);
  }
  const gone = new AbortController();
  response.once('close', () => {
    // Every answer ends with this event; to abort costs an exception with its stack.
    if (!response.writableFinished) gone.abort();
  });
  const params = new URLSearchParams((request.url ?? '').split('?')[1] ?? '');
  const result = await route.handle(
    { request, response, params, signal: gone.signal },
    route.path.exec(path)?.[1] ?? '',
  );
  if (result !== undefined) sendJson(response, 200, result);
}

async function answerReady(answers: Answers, signal: AbortSignal) {
  await answers.ready(signal);
  return { status: 'ready' };
}
