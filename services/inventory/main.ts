import { topics } from '#contracts/events/topics.ts';
import { products } from '#contracts/seed/products.ts';
import { createAuthenticator } from '#kit/auth.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { openKafka } from '#kit/kafka/client.ts';
import { startConsumer } from '#kit/kafka/consumer.ts';
import { startRelay } from '#kit/outbox/relay.ts';
import { openDatabase } from '#kit/postgres/database.ts';
import { runService } from '#kit/service.ts';
import { withoutTracing } from '#kit/telemetry/spans.ts';
import { consumedTopics, inventoryHandlers } from './consumers.ts';
import { env } from './env.ts';
import { startExpiring } from './expire-reservations.ts';
import { inventoryRoutes } from './http.ts';
import { seedStock } from './seed-stock.ts';

await runService({
  name: 'inventory',
  env,
  async start(service) {
    const db = await openDatabase(service, { migrations: new URL('./migrations/', import.meta.url) });
    const seeded = await withoutTracing(() => seedStock(db, products));
    if (seeded > 0) service.log.info({ products: seeded }, 'catalogue seeded');
    const kafka = openKafka(service);
    startRelay(service, { db, kafka, topics: [topics.inventory] });
    const handlers = inventoryHandlers({ producer: service.name, ttlMs: service.env.RESERVATION_TTL_MS });
    startConsumer(service, { db, kafka, topics: consumedTopics, handlers });
    startExpiring(service, db, () => kafka.lag(service.name, consumedTopics));
    const http = createHttpServer(service, { auth: createAuthenticator(service) });
    inventoryRoutes(http, db);
    await http.listen();
  },
});
