import { context } from '@opentelemetry/api';
import { getRPCMetadata, RPCType } from '@opentelemetry/core';
import type fastifyModule from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, isAppError } from '#contracts/errors.ts';
import type { Route } from '#contracts/http/route.ts';
import { type Authenticator, type Principal, requireRoles } from '../auth.ts';
import { addControlRoutes } from '../control/control-routes.ts';
import { offerHttpFaults, strikeRequest } from '../faults/http.ts';
import { newId } from '../ids.ts';
import { deadlineHeader, openDeadline, parseTimeout } from '../resilience/deadline.ts';
import { createOverloadGuard } from '../resilience/overload.ts';
import type { Service } from '../service.ts';
import { activeInstrumentations, requireInstrumented, scopes } from '../telemetry/instrument.ts';
import { activeTraceId } from '../telemetry/spans.ts';
import { fromFastify } from './fastify-errors.ts';
import { assertAdmitted, createAdmission } from './guards.ts';
import { addHealthRoutes, probeSelf } from './health-routes.ts';
import { type ProblemContext, toProblem, validate } from './problem.ts';
import type { RouteHandler, RouteInput } from './route.ts';
import { createRouteTable } from './route-table.ts';

export type { RouteHandler, RouteInput, RouteReply } from './route.ts';

/** How long requests in flight may take to finish on shutdown. */
const drainMs = 2_500;

const fastify = requireInstrumented<typeof fastifyModule>('http', 'fastify');

export type HttpServer = {
  /**
   * Serves a route of `contracts/http`. Params, query and headers that do not match answer 400, a body 422, each
   * with JSON pointers. A handler that has answered through `raw.reply` returns undefined.
   */
  route<R extends Route>(route: R, handler: RouteHandler<R>): void;
  /** Starts to listen on HOST:PORT and registers the shutdown step. Resolves with the bound port. */
  listen(): Promise<number>;
  /** The fastify instance, for proxies and other raw work. */
  app: FastifyInstance;
};

export type HttpServerOptions = {
  /** Needed as soon as a route names roles. */
  auth?: Authenticator;
  /** Largest accepted body. Default 256 KiB. */
  bodyLimitBytes?: number;
  /** A request must be complete within this time. Default 15 000. */
  requestTimeoutMs?: number;
};

/**
 * The HTTP edge of a process: request ids, admission (Host, Origin), problem+json for every error, /health/live and
 * /health/ready, one access line per request, server timeouts, and `http.route` on the server span.
 */
export function createHttpServer(service: Service, options: HttpServerOptions = {}): HttpServer {
  const app = fastify({
    logger: false,
    bodyLimit: options.bodyLimitBytes ?? 262_144,
    requestTimeout: options.requestTimeoutMs ?? 15_000,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 256 },
    requestIdHeader: false,
    genReqId: (request) => validRequestId(request.headers['x-request-id']) ?? newId(),
    return503OnClosing: true,
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
  });
  // Only JSON is understood; without this, text/plain (which any web page may send) would arrive as a string.
  app.removeContentTypeParser('text/plain');
  const admission = createAdmission({ hosts: service.env.ALLOWED_HOSTS, origins: service.env.ALLOWED_ORIGINS });
  const table = createRouteTable();
  const overload = createOverloadGuard({ patterns: service.patterns });

  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) table.add(method, route.url);
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    nameServerSpan(request.routeOptions.url);
    assertAdmitted(request.headers, admission);
    if (isOurs(request.url)) return;
    overload.enter();
    reply.raw.once('close', () => overload.leave());
    if (service.faults.isArmed()) await strikeRequest(service.faults, request);
  });
  app.addHook('onResponse', async (request, reply) => {
    if (isOurs(request.url)) return;
    const fields = {
      requestId: request.id,
      method: request.method,
      path: request.url.split('?')[0],
      route: request.routeOptions.url,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
    };
    service.log[reply.statusCode >= 500 ? 'warn' : 'info'](fields, 'request completed');
  });
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '/';
    const allowed = table.methodsOf(path);
    if (allowed.length === 0) throw new AppError('not_found', `no route ${request.method} ${path}`);
    reply.header('allow', allowed.join(', '));
    throw new AppError(
      'method_not_allowed',
      `${request.method} is not supported on ${path}; allowed: ${allowed.join(', ')}`,
    );
  });

  function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply) {
    const problem = toProblem(fromFastify(error), problemContext(request));
    const fields = { error, requestId: request.id, code: problem.code };
    if (problem.status === 500) service.log.error(fields, 'request failed');
    else if (problem.status > 500) service.log.warn(fields, 'request failed');
    if (problem.status === 401) reply.header('www-authenticate', challenge(request));
    const retryAfter = isAppError(error) ? error.retryAfterSeconds : null;
    if (retryAfter !== null) reply.header('retry-after', String(Math.ceil(retryAfter)));
    return reply.code(problem.status).type('application/problem+json').send(problem);
  }

  offerHttpFaults(app, service.faults);
  addHealthRoutes(app, service);
  addControlRoutes(app, service);

  return {
    app,
    route(route, handler) {
      const { auth } = options;
      if (route.roles !== undefined && auth === undefined) {
        throw new AppError('internal', `route ${route.method} ${route.path} names roles, but the server has no auth`);
      }
      const principals = new WeakMap<FastifyRequest, Principal>();
      app.route({
        method: route.method,
        url: route.path,
        // Before the body is read: who may not call learns nothing about what a valid call looks like.
        onRequest: async (request) => {
          if (auth === undefined || route.roles === undefined) return;
          const principal = await auth.verify(request.headers.authorization);
          requireRoles(principal, route.roles);
          principals.set(request, principal);
        },
        handler: async (request, reply) => {
          const input = {
            params: route.params && validate(route.params, request.params, 'params', 'invalid_argument'),
            query: route.query && validate(route.query, request.query, 'query', 'invalid_argument'),
            headers: route.headers && validate(route.headers, request.headers, 'headers', 'invalid_argument'),
            body: route.body && validate(route.body, request.body, 'body', 'unprocessable'),
            principal: principals.get(request) ?? null,
            signal: signalOf(request, reply),
            log: service.log.child({ requestId: request.id }),
            requestId: request.id,
            raw: { request, reply },
          } as RouteInput<typeof route>;
          const answer = await handler(input);
          if (answer === undefined) return reply;
          reply.code(answer.status as number);
          if (answer.headers !== undefined) reply.headers(answer.headers);
          return reply.send(answer.body);
        },
      });
    },
    async listen() {
      await app.listen({ host: service.env.HOST, port: service.env.PORT });
      const address = app.server.address();
      const boundPort = typeof address === 'object' && address !== null ? address.port : service.env.PORT;
      service.shutdown.add('http', () => closeServer(app));
      const probe = (signal: AbortSignal) => probeSelf(service.env.HOST, boundPort, signal);
      service.selfCheck.add('http', scopes.http, probe);
      if (activeInstrumentations().includes('undici')) service.selfCheck.add('undici', scopes.undici, probe);
      service.log.info({ host: service.env.HOST, port: boundPort }, 'listening');
      return boundPort;
    },
  };
}

/** Asked by the supervisor: not logged, and answered however busy the process is. */
function isOurs(url: string): boolean {
  return url.startsWith('/health/') || url.startsWith('/control/');
}

/** Requests in flight may finish; what is still open after that (event streams, stuck clients) is cut. */
async function closeServer(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), drainMs);
  await app.close();
  clearTimeout(cut);
}

/** Route templates, not paths, name server spans; otherwise every order id would be a name of its own. */
function nameServerSpan(route: string | undefined): void {
  const rpc = getRPCMetadata(context.active());
  if (route !== undefined && rpc?.type === RPCType.HTTP) rpc.route = route;
}

function problemContext(request: FastifyRequest): ProblemContext {
  return { instance: request.url.split('?')[0] ?? '/', requestId: request.id, traceId: activeTraceId() };
}

/** RFC 6750 §3: the error attribute only when a token had been sent. */
function challenge(request: FastifyRequest): string {
  return request.headers.authorization === undefined
    ? 'Bearer realm="orrery"'
    : 'Bearer realm="orrery", error="invalid_token"';
}

function validRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.-]{8,64}$/.test(header) ? header : undefined;
}

/** Aborted when the caller went away, or has waited for as long as it said it would. */
function signalOf(request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const deadline = openDeadline(parseTimeout(request.headers[deadlineHeader]) ?? Number.POSITIVE_INFINITY);
  const close = () => {
    if (!reply.raw.writableFinished) deadline.abort(new AppError('cancelled', 'the caller went away'));
    deadline.end();
  };
  if (reply.raw.destroyed) close();
  else reply.raw.once('close', close);
  return deadline.signal;
}
