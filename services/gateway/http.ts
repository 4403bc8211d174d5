import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '#contracts/errors.ts';
import { apis } from '#contracts/http/apis.ts';
import { listProducts } from '#contracts/http/catalogue.ts';
import { openApiOf } from '#contracts/http/openapi.ts';
import type { Route } from '#contracts/http/route.ts';
import { attributes } from '#contracts/telemetry/attributes.ts';
import { type Authenticator, type Principal, requireRoles } from '#kit/auth.ts';
import { validate } from '#kit/http/problem.ts';
import type { HttpServer } from '#kit/http/server.ts';
import type { Logger } from '#kit/logger.ts';
import { annotate } from '#kit/telemetry/spans.ts';
import type { Forwarder } from './forward.ts';
import { upstreamHeaders } from './headers.ts';
import { composeProducts, type ProductSources } from './list-products.ts';
import { type RateLimiter, rateLimitHeaders } from './rate-limiter.ts';
import { type GatewayRoute, routes } from './routes.ts';
import { upstreamPath } from './upstream-request.ts';

export type GatewayDeps = {
  auth: Authenticator;
  limit: RateLimiter;
  forwarder: Forwarder;
  products: ProductSources;
  log: Logger;
  /** Aborted when the process stops: open streams end. */
  signal: AbortSignal;
};

/**
 * The edge. For every route, in this order: token, rate limit, role, shape, then the upstream. The shape of a request
 * is checked here by the contract, before it costs anybody else anything; what it means (is there such an SKU, whose
 * order is it) is its owner's to say.
 */
export function serveHttp(http: HttpServer, deps: GatewayDeps): void {
  // Bodies are JSON; anything else is 415 rather than a body that cannot be right.
  http.app.removeContentTypeParser('text/plain');
  for (const target of routes) addForwardedRoute(http, target, deps);

  http.app.route({
    method: listProducts.method,
    url: listProducts.path,
    onRequest: (request, reply) => admit(listProducts, request, reply, deps),
    handler: async (request, reply) => {
      const query = validate(listProducts.query, request.query, 'query', 'invalid_argument');
      return { items: await composeProducts(deps.products, query, { signal: goneSignal(reply), log: deps.log }) };
    },
  });

  const openApi = JSON.stringify(openApiOf(apis.gateway));
  http.app.get('/openapi.json', async (_, reply) => reply.type('application/json').send(openApi));
}

function addForwardedRoute(http: HttpServer, target: GatewayRoute, deps: GatewayDeps): void {
  const { route } = target;
  http.app.route({
    method: route.method,
    url: route.path,
    onRequest: (request, reply) => admit(route, request, reply, deps),
    handler: async (request, reply) => {
      const { path, body } = readRequest(route, request);
      const gone = goneSignal(reply);
      const answer = await deps.forwarder.forward(target, {
        path,
        body,
        headers: upstreamHeaders(request.headers, request.id),
        signal: target.stream === true ? AbortSignal.any([gone, deps.signal]) : gone,
      });
      return reply.code(answer.status).headers(answer.headers).send(answer.body);
    },
  });
}

/**
 * Token and rate limit, before the body is read. A caller without a valid token counts against its address, so
 * guessing tokens is limited too. Throws `unauthenticated`, `rate_limited` or `forbidden`.
 */
async function admit(route: Route, request: FastifyRequest, reply: FastifyReply, deps: GatewayDeps): Promise<void> {
  const authorization = request.headers.authorization;
  const needsToken = route.roles !== undefined;
  const identified: Principal | AppError | null =
    needsToken || authorization !== undefined
      ? await deps.auth.verify(authorization).catch((error: AppError) => error)
      : null;
  const known = identified !== null && 'subject' in identified ? identified : null;
  const verdict = await deps.limit(known === null ? { address: request.ip } : known);
  reply.headers(rateLimitHeaders(verdict));
  if (!verdict.admitted) {
    throw new AppError('rate_limited', `over ${verdict.limit.ratePerSecond} requests per second; slow down`, {
      retryAfterSeconds: Math.max(1, Math.ceil(verdict.nextInMs / 1000)),
    });
  }
  if (identified !== null && known === null) throw identified;
  if (known !== null && route.roles !== undefined) requireRoles(known, route.roles);
}

/** Checks the request against its contract; params, query and headers answer 400, a body 422. */
function readRequest(route: Route, request: FastifyRequest): { path: string; body: string | null } {
  const params = route.params ? validate(route.params, request.params, 'params', 'invalid_argument') : {};
  const query = route.query ? validate(route.query, request.query, 'query', 'invalid_argument') : {};
  if (route.headers) validate(route.headers, request.headers, 'headers', 'invalid_argument');
  if (route.body) validate(route.body, request.body, 'body', 'unprocessable');
  const { id, orderId = id } = params as { id?: string; orderId?: string };
  if (orderId !== undefined) annotate({ [attributes.orderId]: orderId });
  return {
    path: upstreamPath(route, params as Record<string, unknown>, query as Record<string, unknown>),
    // Written anew from what was checked, so that edge and owner cannot read the same bytes differently.
    body: route.body ? JSON.stringify(request.body) : null,
  };
}

function goneSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
