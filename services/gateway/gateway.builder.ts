import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { tokenAudience } from '#contracts/http/identity.ts';
import { createVerifier } from '#kit/auth.ts';
import type { Patterns } from '#kit/control/patterns.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { createLocalBuckets, type TokenBuckets } from '#kit/resilience/token-buckets.ts';
import { testService } from '#kit/testing/service.ts';
import { createForwarder } from './forward.ts';
import { serveHttp } from './http.ts';
import { productSources } from './list-products.ts';
import { createRateLimiter, type RateLimits } from './rate-limiter.ts';
import { upstreams } from './routes.ts';

export const issuer = 'http://identity.test';

/** What an upstream saw of a request. */
export type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string };
export type Upstream = {
  baseUrl: string;
  seen: Seen[];
  /** How the next requests are answered. */
  answer: (request: Seen, response: ServerResponse) => void;
  close: () => Promise<void>;
};

/** An upstream that records what it is asked and answers as it is told. */
export async function startUpstream(answer?: Upstream['answer']): Promise<Upstream> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const seen = { method, url, headers, body: Buffer.concat(chunks).toString() };
      upstream.seen.push(seen);
      upstream.answer(seen, response);
    });
  });
  const upstream: Upstream = {
    baseUrl: await listen(server),
    seen: [],
    answer: answer ?? ((_, response) => sendJson(response, 200, {})),
    close: () => closeServer(server),
  };
  return upstream;
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export type TestGateway = {
  url: string;
  upstream: Upstream;
  logLines: string[];
  patterns: Patterns;
  token: (patch?: Record<string, unknown>) => Promise<string>;
  call: (
    method: string,
    path: string,
    options?: { body?: unknown; headers?: Record<string, string>; token?: string | null },
  ) => Promise<Response>;
  stop: () => Promise<void>;
};

const generous = { ratePerSecond: 10_000, burst: 10_000 };

/** The gateway with one upstream behind all its routes and a key of its own instead of identity's. */
export async function startGateway(
  options: { limits?: Partial<RateLimits>; baseUrl?: string; buckets?: TokenBuckets } = {},
): Promise<TestGateway> {
  const upstream = await startUpstream();
  const baseUrl = options.baseUrl ?? upstream.baseUrl;
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] });
  const logLines: string[] = [];
  const { service, stop } = testService({}, { name: 'gateway', logLines: (line) => logLines.push(line) });
  const baseUrls = Object.fromEntries(upstreams.map((name) => [name, baseUrl])) as Record<
    (typeof upstreams)[number],
    string
  >;
  const forwarder = createForwarder({ baseUrls, patterns: service.patterns });
  service.shutdown.add('upstream connections', () => forwarder.close());
  const http = createHttpServer(service, { bodyLimitBytes: 65_536 });
  serveHttp(http, {
    auth: createVerifier({ issuer, keys }),
    limit: createRateLimiter(
      { anonymous: generous, shopper: generous, operator: generous, ...options.limits },
      options.buckets ?? createLocalBuckets(() => performance.now()),
    ),
    forwarder,
    products: productSources({ inventory: baseUrl, pricing: baseUrl }),
    log: service.log,
    signal: service.signal,
  });
  const url = `http://127.0.0.1:${await http.listen()}`;
  const token: TestGateway['token'] = (patch = {}) =>
    new SignJWT({ client_id: 'test', roles: ['operator'], jti: 'j', ...patch })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'at+jwt' })
      .setIssuer((patch.iss as string) ?? issuer)
      .setSubject((patch.sub as string) ?? 'operator')
      .setAudience((patch.aud as string) ?? tokenAudience)
      .setIssuedAt()
      .setExpirationTime((patch.exp as number) ?? '10m')
      .sign(privateKey);
  const operator = await token();
  return {
    url,
    upstream,
    logLines,
    patterns: service.patterns,
    token,
    call: (method, path, { body, headers = {}, token: given = operator } = {}) =>
      fetch(url + path, {
        method,
        headers: {
          ...(given === null ? {} : { authorization: `Bearer ${given}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      }),
    async stop() {
      await stop();
      await upstream.close();
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
