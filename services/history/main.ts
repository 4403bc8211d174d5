import { topics } from '#contracts/events/topics.ts';
import { createAuthenticator } from '#kit/auth.ts';
import { systemClock } from '#kit/clock.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { openKafka } from '#kit/kafka/client.ts';
import { startConsumer } from '#kit/kafka/consumer.ts';
import { startRelay } from '#kit/outbox/relay.ts';
import { openDatabase } from '#kit/postgres/database.ts';
import { runService } from '#kit/service.ts';
import { withoutTracing } from '#kit/telemetry/spans.ts';
import { historyHandlers } from './consumers.ts';
import { env } from './env.ts';
import { addRoutes } from './http.ts';
import { createRebuilder } from './rebuild/rebuild.ts';
import { createUpdates } from './updates.ts';

await runService({
  name: 'history',
  env,
  start: async (service) => {
    const db = await openDatabase(service, { migrations: new URL('./migrations/', import.meta.url) });
    const kafka = openKafka(service);
    const updates = createUpdates();
    const http = createHttpServer(service, { auth: createAuthenticator(service) });
    const everything = Object.values(topics);
    const rebuilder = createRebuilder({
      db,
      databaseUrl: service.env.DATABASE_URL,
      kafka,
      topics: everything,
      consumer: service.name,
      clock: systemClock,
      log: service.log,
      signal: service.signal,
    });
    const lag = () => withoutTracing(() => kafka.lag(service.name, everything)).catch(() => null);
    startRelay(service, { db, kafka, topics: [], failuresOnly: true });
    addRoutes(http, { db, updates, rebuilder, lag, stopping: service.signal });
    startConsumer(service, {
      db,
      kafka,
      topics: everything,
      handlers: historyHandlers({ clock: systemClock, updates }),
      gatherMs: 25,
    });
    await http.listen();
  },
});
