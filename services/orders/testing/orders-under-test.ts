import { replyTopics } from '#contracts/events/requests.ts';
import { topics } from '#contracts/events/topics.ts';
import type { Order } from '#contracts/http/orders.ts';
import { systemClock as clock } from '#kit/clock.ts';
import { createGrpcClient } from '#kit/grpc/client.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { createHttpClient } from '#kit/http-client.ts';
import { newId } from '#kit/ids.ts';
import { type KafkaClient, openKafka } from '#kit/kafka/client.ts';
import { startConsumer } from '#kit/kafka/consumer.ts';
import { startRelay } from '#kit/outbox/relay.ts';
import { type Database, openDatabase } from '#kit/postgres/database.ts';
import { createRequester } from '#kit/request-reply/requester.ts';
import { testService } from '#kit/testing/service.ts';
import { until } from '#tests/support/until.ts';
import { consumedTopics, orderHandlers, publishedTopics } from '../consumers.ts';
import { createGetQuote } from '../get-quote.ts';
import { addRoutes } from '../http.ts';
import { screeningFallback } from '../order-patterns.ts';
import { createAskModel } from '../screen-order.ts';
import { startTimers } from '../timers/fire-timers.ts';
import { type FakePricing, signingKey, testAuth } from './fakes.ts';

export type Answer = { status: number; headers: Headers; body: Order & { code: string; detail: string } };

export type OrdersUnderTest = {
  base: string;
  db: Database;
  /** Everything logged so far, parsed. */
  logged: () => Record<string, unknown>[];
  /** `POST /orders`; a key of its own unless given, none with null. */
  send: (body: unknown, options: { token: string; key?: string | null }) => Promise<Answer>;
  stop: () => Promise<void>;
};

/** Orders as main.ts composes it, in this process: its HTTP side, and with `saga` also its consumer and relay. */
export async function startOrders(options: {
  databaseUrl: string;
  pricing: FakePricing;
  saga?: { brokers: string; inferenceUrl: string };
}): Promise<OrdersUnderTest & { kafka: KafkaClient | null }> {
  const lines: string[] = [];
  const { service, stop } = testService(
    { PORT: 0, DATABASE_URL: options.databaseUrl, KAFKA_BROKERS: options.saga?.brokers ?? '' },
    { name: 'orders', logLines: (line) => lines.push(line) },
  );
  const { log, failpoints, name: producer } = service;
  const db = await openDatabase(service, { migrations: new URL('../migrations/', import.meta.url) });

  const change = { producer, clock, log, failpoints, compensationRetryMs: 300 };
  const kafka = options.saga === undefined ? null : openKafka(service);
  if (kafka !== null && options.saga !== undefined) {
    await kafka.ensureTopics(Object.values(topics));
    startRelay(service, { db, kafka, topics: publishedTopics });
    const askModel = createAskModel(createHttpClient({ peer: 'inference', baseUrl: options.saga.inferenceUrl }));
    const handlers = orderHandlers({ ...change, askModel, fallback: screeningFallback(service.patterns) });
    startTimers(service, { ...change, db });
    startConsumer(service, { db, kafka, topics: consumedTopics, handlers });
  }

  const pricing = createGrpcClient({
    peer: 'pricing',
    address: `127.0.0.1:${options.pricing.port}`,
    proto: new URL('../../../contracts/grpc/pricing.proto', import.meta.url),
    serviceName: 'orrery.pricing.v1.Pricing',
  });
  service.shutdown.add('pricing client', () => pricing.close());
  const http = createHttpServer(service, { auth: testAuth });
  const requester = createRequester(service, { kafka: openKafka(service), replyTopic: replyTopics.orders });
  const { patterns } = service;
  addRoutes(http, { ...change, db, patterns, requester, getQuote: createGetQuote({ pricing, signingKey, clock }) });
  const base = `http://127.0.0.1:${await http.listen()}`;
  await until('orders is ready', async () => ((await service.health.report()).ready ? true : null));

  return {
    base,
    db,
    kafka,
    stop,
    logged: () => lines.map((line) => JSON.parse(line)),
    async send(body, { token, key = newId() }) {
      const answer = await fetch(`${base}/orders`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          ...(key === null ? {} : { 'idempotency-key': key }),
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer['body'] };
    },
  };
}

/** A new customer, their token and a basket of two lamps. */
export function shopper() {
  const customerId = newId();
  return { customerId, token: `shopper:${customerId}`, basket: { customerId, items: [{ sku: 'LAMP-014', qty: 2 }] } };
}
