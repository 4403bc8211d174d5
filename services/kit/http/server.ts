import type { Readable } from 'node:stream';
import { context } from '@opentelemetry/api';
import { getRPCMetadata, RPCType } from '@opentelemetry/core';
import type fastifyModule from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AppError, isAppError } from '#contracts/errors.ts';
import type { Role, Route } from '#contracts/http/route.ts';
import { type Authenticator, type Principal, requireRoles } from '../auth.ts';
import { newId } from '../ids.ts';
import type { Logger } from '../logger.ts';
import type { Service } from '../service.ts';
import { activeInstrumentations, requireInstrumented, scopes } from '../telemetry/instrument.ts';
import { activeTraceId, traceHeaders, withoutTracing } from '../telemetry/spans.ts';
import { assertAdmitted, createAdmission } from './guards.ts';
import { type ProblemContext, toProblem, validate } from './problem.ts';
import { createRouteTable } from './route-table.ts';

/** How long requests in flight may take to finish on shutdown. */
const drainMs = 2_500;

const fastify = requireInstrumented<typeof fastifyModule>('http', 'fastify');

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a handler gets: each part parsed by the route's schemas. */
export type RouteInput<R extends Route> = {
  params: Parsed<R['params']>;
  query: Parsed<R['query']>;
  headers: Parsed<R['headers']>;
  body: Parsed<R['body']>;
  /** The caller, when the route names roles. */
  principal: R['roles'] extends readonly Role[] ? Principal : null;
  /** Aborted when the caller goes away. */
  signal: AbortSignal;
  log: Logger;
  requestId: string;
  /** For what the data form cannot express, e.g. event streams. */
  raw: { request: FastifyRequest; reply: FastifyReply };
};

type JsonReply<Status, S extends z.ZodType> = { status: Status; body: z.input<S>; headers?: Record<string, string> };
type RawReply<Status> = { status: Status; body?: string | Buffer | Readable; headers?: Record<string, string> };

/** What a handler may answer: one of the declared statuses with a body of its schema. */
export type RouteReply<R extends Route> = {
  [S in keyof R['responses'] & number]: R['responses'][S] extends z.ZodType
    ? JsonReply<S, R['responses'][S]>
    : RawReply<S>;
}[keyof R['responses'] & number] & {
  // Says no more than the line above, but in literals: without it TypeScript widens a handler's `status: 200` to number.
  status: 200 | 201 | 202 | 204;
};

export type RouteHandler<R extends Route> = (
  input: RouteInput<R>,
) => Promise<RouteReply<R> | undefined> | RouteReply<R> | undefined;

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

  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) table.add(method, route.url);
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    nameServerSpan(request.routeOptions.url);
    assertAdmitted(request.headers, admission);
  });
  app.addHook('onResponse', async (request, reply) => {
    if (request.url.startsWith('/health/')) return;
    const fields = {
      requestId: request.id,
      method: request.method,
      path: request.url.split('?')[0],
      route: request.routeOptions.url,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
    };
    service.log[reply.statusCode >= 500 ? 'error' : 'info'](fields, 'request completed');
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
    if (problem.status >= 500)
      service.log.error({ error, requestId: request.id, code: problem.code }, 'request failed');
    if (problem.status === 401) reply.header('www-authenticate', challenge(request));
    const retryAfter = isAppError(error) ? error.retryAfterSeconds : null;
    if (retryAfter !== null) reply.header('retry-after', String(Math.ceil(retryAfter)));
    return reply.code(problem.status).type('application/problem+json').send(problem);
  }

  addHealthRoutes(app, service);

  return {
    app,
    route(route, handler) {
      const { auth } = options;
      if (route.roles !== undefined && auth === undefined) {
        throw new AppError('internal', `route ${route.method} ${route.path} names roles, but the server has no auth`);
      }
      app.route({
        method: route.method,
        url: route.path,
        handler: async (request, reply) => {
          const principal =
            auth === undefined || route.roles === undefined ? null : await auth.verify(request.headers.authorization);
          if (principal !== null && route.roles !== undefined) requireRoles(principal, route.roles);
          const input = {
            params: route.params && validate(route.params, request.params, 'params', 'invalid_argument'),
            query: route.query && validate(route.query, request.query, 'query', 'invalid_argument'),
            headers: route.headers && validate(route.headers, request.headers, 'headers', 'invalid_argument'),
            body: route.body && validate(route.body, request.body, 'body', 'unprocessable'),
            principal,
            signal: signalOf(reply),
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

/** Requests in flight may finish; what is still open after that (event streams, stuck clients) is cut. */
async function closeServer(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), drainMs);
  await app.close();
  clearTimeout(cut);
}

function addHealthRoutes(app: FastifyInstance, service: Service): void {
  app.get('/health/live', async () => ({
    status: 'ok',
    service: service.name,
    uptimeSeconds: Math.round(process.uptime()),
  }));
  app.get('/health/ready', async (_, reply) => {
    const report = await withoutTracing(() => service.health.report());
    const body = {
      status: report.ready ? 'ok' : 'unavailable',
      service: service.name,
      checks: report.checks,
      telemetry: service.selfCheck.report(),
    };
    return reply.code(report.ready ? 200 : 503).send(body);
  });
}

/** Route templates, not paths, name server spans; otherwise every order id would be a name of its own. */
function nameServerSpan(route: string | undefined): void {
  const rpc = getRPCMetadata(context.active());
  if (route !== undefined && rpc?.type === RPCType.HTTP) rpc.route = route;
}

/** Calls ourselves through the whole server, traced. Where undici is instrumented it carries the context by itself. */
async function probeSelf(host: string, port: number, signal: AbortSignal): Promise<void> {
  const context = activeInstrumentations().includes('undici') ? {} : traceHeaders();
  const answer = await fetch(`http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}/health/live`, {
    headers: { ...context, 'x-orrery-self-check': '1' },
    signal,
  });
  await answer.arrayBuffer();
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

function signalOf(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort(new AppError('cancelled', 'the caller went away'));
  });
  return controller.signal;
}

/** Translates fastify's own errors into our closed codes. */
function fromFastify(error: unknown): unknown {
  if (isAppError(error) || typeof error !== 'object' || error === null || !('code' in error)) return error;
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new AppError('unsupported_media_type', 'the body must be application/json', { cause: error });
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AppError('payload_too_large', 'the body is larger than accepted here', { cause: error });
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new AppError('invalid_argument', 'the body is not valid JSON', { cause: error });
    case 'FST_ERR_BAD_URL':
      return new AppError('invalid_argument', 'the path is not a valid URL', { cause: error });
    default:
      return 'statusCode' in error && error.statusCode === 400
        ? new AppError('invalid_argument', 'the request could not be read', { cause: error })
        : error;
  }
}
