import { topics } from '#contracts/events/topics.ts';
import { createAuthenticator } from '#kit/auth.ts';
import { systemClock } from '#kit/clock.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { openKafka } from '#kit/kafka/client.ts';
import { startConsumer } from '#kit/kafka/consumer.ts';
import { startRelay } from '#kit/outbox/relay.ts';
import { openDatabase } from '#kit/postgres/database.ts';
import { runService } from '#kit/service.ts';
import { consumedTopics, workersHandlers } from './consumers.ts';
import { env } from './env.ts';
import { workersRoutes } from './http.ts';
import { createTypefaces } from './invoice/typeface.ts';
import { warmUp } from './invoice/warm-up.ts';
import { startJobs } from './jobs/job-runner.ts';
import { mailboxCleanup } from './jobs/mailbox-cleanup.ts';
import { salesSummary } from './jobs/sales-summary.ts';

await runService({
  name: 'workers',
  env,
  async start(service) {
    const db = await openDatabase(service, { migrations: new URL('./migrations/', import.meta.url) });
    const kafka = openKafka(service);
    startRelay(service, { db, kafka, topics: [topics.workers] });
    const typefaces = createTypefaces(new URL('./fonts/', import.meta.url));
    await warmUp(typefaces);
    const handlers = workersHandlers({ producer: service.name, clock: systemClock, typefaces });
    startConsumer(service, { db, kafka, topics: consumedTopics, handlers });
    await startJobs(service, { db, clock: systemClock, jobs: [salesSummary, mailboxCleanup] });
    const http = createHttpServer(service, { auth: createAuthenticator(service) });
    workersRoutes(http, db);
    await http.listen();
  },
});
