import { AppError } from '#contracts/errors.ts';
import { createAuthenticator } from '#kit/auth.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { createGuard, type Guard } from '#kit/resilience/guard.ts';
import { runService } from '#kit/service.ts';
import { withoutTracing } from '#kit/telemetry/spans.ts';
import { gatewayEnv } from './env.ts';
import { connectionsPerUpstream, createForwarder } from './forward.ts';
import { serveHttp } from './http.ts';
import { productSources } from './list-products.ts';
import { openBuckets } from './open-buckets.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { type Upstream, upstreams } from './routes.ts';

await runService({
  name: 'gateway',
  env: gatewayEnv,
  async start(service) {
    const { env, log, signal } = service;
    // The one thing without which no request can be answered. An upstream that is down costs its routes, not the edge.
    // Its health page and not its keys, because health pages are not traced.
    service.health.addCheck('identity', async (within) => {
      const answer = await withoutTracing(() => fetch(`${env.IDENTITY_URL}/health/live`, { signal: within }));
      await answer.body?.cancel();
      if (!answer.ok) throw new AppError('unavailable', `identity answered ${answer.status}`);
    });
    const baseUrls = {
      orders: env.ORDERS_URL,
      history: env.HISTORY_URL,
      inventory: env.INVENTORY_URL,
      pricing: env.PRICING_URL,
      inference: env.INFERENCE_URL,
      billing: env.BILLING_URL,
      workers: env.WORKERS_URL,
    };
    const guards = Object.fromEntries(
      upstreams.map((peer) => [peer, createGuard({ ...service, peer, maxConcurrent: connectionsPerUpstream })]),
    ) as Record<Upstream, Guard>;
    const forwarder = createForwarder({ baseUrls, guards, patterns: service.patterns });
    service.shutdown.add('upstream connections', () => forwarder.close());
    const limit = createRateLimiter(
      { anonymous: env.RATE_LIMIT_ANONYMOUS, shopper: env.RATE_LIMIT_SHOPPER, operator: env.RATE_LIMIT_OPERATOR },
      await openBuckets(service),
    );
    const http = createHttpServer(service, { bodyLimitBytes: 65_536 });
    serveHttp(http, {
      auth: createAuthenticator(service),
      // Off for teaching: callers are still told how far they are over, and all are let in.
      limit: async (caller) => {
        const verdict = await limit(caller);
        return service.patterns.isOn('rate-limit') ? verdict : { ...verdict, admitted: true };
      },
      forwarder,
      products: productSources(baseUrls, guards),
      log,
      signal,
    });
    await http.listen();
  },
});
