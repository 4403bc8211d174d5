import { replyTopics } from '#contracts/events/requests.ts';
import { createAuthenticator } from '#kit/auth.ts';
import { systemClock as clock } from '#kit/clock.ts';
import { createGrpcClient } from '#kit/grpc/client.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { createHttpClient } from '#kit/http-client.ts';
import { openKafka } from '#kit/kafka/client.ts';
import { startConsumer } from '#kit/kafka/consumer.ts';
import { startRelay } from '#kit/outbox/relay.ts';
import { openDatabase } from '#kit/postgres/database.ts';
import { createRequester } from '#kit/request-reply/requester.ts';
import { createGuard } from '#kit/resilience/guard.ts';
import { runService } from '#kit/service.ts';
import { consumedTopics, orderHandlers, publishedTopics } from './consumers.ts';
import { env } from './env.ts';
import { createGetQuote } from './get-quote.ts';
import { addRoutes } from './http.ts';
import { declareOrderPatterns, screeningFallback } from './order-patterns.ts';
import { createAskModel } from './screen-order.ts';
import { startTimers } from './timers/fire-timers.ts';

await runService({
  name: 'orders',
  env,
  async start(service) {
    const { log, failpoints, patterns, name: producer } = service;
    const db = await openDatabase(service, { migrations: new URL('./migrations/', import.meta.url) });
    const kafka = openKafka(service);
    startRelay(service, { db, kafka, topics: publishedTopics });

    const change = { producer, clock, log, failpoints, compensationRetryMs: service.env.COMPENSATION_RETRY_MS };
    const inference = createHttpClient({
      peer: 'inference',
      baseUrl: service.env.INFERENCE_URL,
      guard: createGuard({ ...service, peer: 'inference' }),
    });
    startConsumer(service, {
      db,
      kafka,
      topics: consumedTopics,
      handlers: orderHandlers({
        ...change,
        askModel: createAskModel(inference),
        fallback: screeningFallback(patterns),
      }),
    });

    startTimers(service, { ...change, db });

    const pricing = createGrpcClient({
      peer: 'pricing',
      guard: createGuard({ ...service, peer: 'pricing' }),
      address: service.env.PRICING_GRPC,
      proto: new URL('../../contracts/grpc/pricing.proto', import.meta.url),
      serviceName: 'orrery.pricing.v1.Pricing',
    });
    service.shutdown.add('pricing client', () => pricing.close());
    const getQuote = createGetQuote({ pricing, signingKey: service.env.QUOTE_SIGNING_KEY, clock });
    const http = createHttpServer(service, { auth: createAuthenticator(service) });
    declareOrderPatterns(patterns);
    const requester = createRequester(service, { kafka, replyTopic: replyTopics.orders });
    addRoutes(http, { ...change, db, getQuote, patterns, requester });
    await http.listen();
  },
});
