/** Toxiproxy's HTTP API (github.com/Shopify/toxiproxy, README "HTTP API"): same paths, shapes and statuses. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { AppError, isAppError } from '#contracts/errors.ts';
import type { Log } from '#sandbox/log.ts';
import type { Clock } from '../clock.ts';
import type { Proxies } from '../proxy/proxies.ts';
import { describeProxy, describeToxic } from './describe.ts';
import { toApiError } from './errors.ts';
import { refuseBrowsers } from './guard.ts';
import { readNewProxy, readNewToxic, readProxies, readProxyUpdate, readToxicUpdate } from './inputs.ts';
import { renderMetrics } from './metrics.ts';
import { readJson } from './read-body.ts';

export type RouterOptions = { proxies: Proxies; clock: Clock; seed: string; log: Log };

/** The version of Toxiproxy whose API this is. */
const apiVersion = '2.12.0';

type Answer = { status: number; body?: unknown; text?: string };

export function createRouter(options: RouterOptions): RequestListener {
  /** One change at a time: two that start and stop the same listener must not meet. */
  let turn: Promise<unknown> = Promise.resolve();
  return async (request, response) => {
    try {
      refuseBrowsers(request);
      const path = readPath(request);
      if (request.method === 'GET') {
        send(response, read(path, options));
        return;
      }
      const body = needsBody(request, path) ? await readJson(request) : null;
      const mine = turn.then(() => change(request.method ?? '', path, body, options));
      turn = mine.catch(() => {});
      send(response, await mine);
    } catch (error) {
      if (!isAppError(error)) options.log.error('request failed', { url: request.url, reason: String(error) });
      const body = toApiError(error);
      send(response, { status: body.status, body });
      request.resume();
    }
  };
}

function read(path: readonly string[], { proxies, clock }: RouterOptions): Answer {
  const [first, name, toxics, toxic] = path;
  if (path.length === 1 && first === 'version') return { status: 200, body: { version: apiVersion } };
  if (path.length === 1 && first === 'metrics') return { status: 200, text: renderMetrics(proxies.all()) };
  if (first !== 'proxies') throw notFound(path);
  if (name === undefined) {
    const entries = proxies.all().map((proxy) => [proxy.name, describeProxy(proxy, clock)]);
    return { status: 200, body: Object.fromEntries(entries) };
  }
  const proxy = proxies.get(name);
  if (toxics === undefined) return { status: 200, body: describeProxy(proxy, clock) };
  if (toxics !== 'toxics' || path.length > 4) throw notFound(path);
  if (toxic !== undefined) return { status: 200, body: describeToxic(proxies.getToxic(proxy, toxic), clock) };
  return { status: 200, body: proxy.toxics.map((known) => describeToxic(known, clock)) };
}

async function change(
  method: string,
  path: readonly string[],
  body: unknown,
  { proxies, clock, seed }: RouterOptions,
): Promise<Answer> {
  const [first, name, toxics, toxic] = path;
  const posts = method === 'POST';
  const updates = posts || method === 'PATCH';
  if (path.length === 1 && posts) {
    switch (first) {
      case 'reset':
        await proxies.reset();
        return { status: 204 };
      case 'populate': {
        const populated = await proxies.populate(readProxies(body));
        return { status: 201, body: { proxies: populated.map((proxy) => describeProxy(proxy, clock)) } };
      }
      case 'proxies':
        return { status: 201, body: describeProxy(await proxies.create(readNewProxy(body)), clock) };
    }
  }
  if (first !== 'proxies' || name === undefined || path.length > 4) throw notFound(path);
  const proxy = proxies.get(name);
  if (toxics === undefined) {
    if (method === 'DELETE') {
      await proxies.remove(name);
      return { status: 204 };
    }
    if (updates) {
      const { change, ttlMs } = readProxyUpdate(body, proxy);
      return { status: 200, body: describeProxy(await proxies.update(name, change, ttlMs), clock) };
    }
  } else if (toxics === 'toxics' && toxic === undefined && posts) {
    return { status: 200, body: describeToxic(proxies.addToxic(proxy, readNewToxic(body, seed)), clock) };
  } else if (toxics === 'toxics' && toxic !== undefined) {
    const known = proxies.getToxic(proxy, toxic);
    if (method === 'DELETE') {
      proxies.removeToxic(proxy, toxic);
      return { status: 204 };
    }
    if (updates) {
      return {
        status: 200,
        body: describeToxic(proxies.updateToxic(proxy, toxic, readToxicUpdate(body, known)), clock),
      };
    }
  }
  throw new AppError('method_not_allowed', `${method} is not possible on /${path.join('/')}`);
}

function readPath(request: IncomingMessage): string[] {
  try {
    return new URL(request.url ?? '/', 'http://localhost').pathname.split('/').filter(Boolean).map(decodeURIComponent);
  } catch (cause) {
    throw new AppError('invalid_argument', 'the path is not well-formed', { cause });
  }
}

function needsBody(request: IncomingMessage, path: readonly string[]): boolean {
  return request.method !== 'DELETE' && path[0] !== 'reset';
}

function notFound(path: readonly string[]): AppError {
  return new AppError('not_found', `there is nothing at /${path.join('/').slice(0, 200)}`);
}

function send(response: ServerResponse, { status, body, text }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const content = text ?? (body === undefined ? '' : JSON.stringify(body));
  response.writeHead(status, {
    ...(content === ''
      ? {}
      : { 'content-type': text === undefined ? 'application/json' : 'text/plain; version=0.0.4' }),
    'cache-control': 'no-store',
  });
  response.end(content);
}
