/**
 * One-shot `node services/kit/jobs/topics.ts CONSUMER…`: creates what is missing among the topics of events, commands,
 * questions and answers, and the dead-letter and retry topics of the named consumers, and ends. For brokers that do not create topics by themselves.
 */
import { replyTopics, requestTopics } from '#contracts/events/requests.ts';
import { topics, topicsOfConsumer } from '#contracts/events/topics.ts';
import { kafkaEnv, parseEnv } from '../env.ts';
import { createKafka } from '../kafka/client.ts';
import { createLogger } from '../logger.ts';

const env = parseEnv(kafkaEnv, { PORT: '0', ...process.env });
const log = createLogger({
  service: 'topics',
  version: env.SERVICE_VERSION,
  instance: 'topics',
  env: env.DEPLOYMENT_ENVIRONMENT,
  level: env.LOG_LEVEL,
});
const wanted = [
  ...Object.values(topics),
  ...Object.values(requestTopics),
  ...Object.values(replyTopics),
  ...process.argv.slice(2).flatMap((name) => topicsOfConsumer(name)),
];
try {
  await createKafka({ brokers: env.KAFKA_BROKERS.split(','), clientId: 'topics', log }).ensureTopics(wanted);
  log.info({ topics: wanted }, 'topics exist');
} catch (error) {
  log.fatal({ error }, 'topics could not be created');
  process.exitCode = 1;
} finally {
  log.flush();
}
