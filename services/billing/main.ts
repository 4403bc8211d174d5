import { requestTopics } from '#contracts/events/requests.ts';
import { topics } from '#contracts/events/topics.ts';
import { createAuthenticator } from '#kit/auth.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { newId } from '#kit/ids.ts';
import { openKafka } from '#kit/kafka/client.ts';
import { startConsumer } from '#kit/kafka/consumer.ts';
import { startRelay } from '#kit/outbox/relay.ts';
import { openDatabase } from '#kit/postgres/database.ts';
import { startResponder } from '#kit/request-reply/responder.ts';
import { createGuard } from '#kit/resilience/guard.ts';
import { runService } from '#kit/service.ts';
import { answers } from './answers.ts';
import { declareBillingPatterns } from './billing-patterns.ts';
import { consumedTopics, consumers } from './consumers.ts';
import { billingEnv } from './env.ts';
import { serveHttp } from './http.ts';
import { createPaymentProvider } from './provider.ts';
import { startRefunds } from './refunds/refund-loop.ts';

await runService({
  name: 'billing',
  env: billingEnv,
  async start(service) {
    const { env, failpoints, patterns, name: producer } = service;
    declareBillingPatterns(patterns);
    const database = await openDatabase(service, { migrations: new URL('./migrations/', import.meta.url) });
    const kafka = openKafka(service);
    const provider = createPaymentProvider({
      baseUrl: env.PAYMENTS_URL,
      apiKey: env.PAYMENTS_API_KEY,
      guard: createGuard({ ...service, peer: 'payments' }),
    });
    startRelay(service, { db: database, kafka, topics: [topics.billing] });
    const deps = { database, provider, producer, now: () => new Date(), newId, failpoints, patterns };
    startRefunds(service, deps);
    startResponder(service, { kafka, topic: requestTopics.billing, answers: answers(database) });
    startConsumer(service, { db: database, kafka, topics: consumedTopics, handlers: consumers(deps) });
    const http = createHttpServer(service, { auth: createAuthenticator(service) });
    serveHttp(http, { database });
    await http.listen();
  },
});
