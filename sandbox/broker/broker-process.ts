/** The broker as a process: environment in, JSON lines out, signals and a lost supervisor stop it cleanly. */
import { readEnvironment } from './environment.ts';
import { createLogger, describeError } from './logger.ts';
import { serveHealth } from './net/health.ts';
import { type Broker, startBroker } from './server.ts';

const environment = readEnvironment(process.env);
const logger = createLogger((line) => process.stdout.write(line), environment.logLevel, environment.labels);
let broker: Broker | null = null;
let stopping = false;

process.on('uncaughtException', (error) => {
  logger.error('broker crashed', describeError(error));
  process.exit(1);
});

const health =
  environment.healthPort === null
    ? null
    : await serveHealth(environment.host, environment.healthPort, () => broker !== null && !stopping);

async function shutDown(reason: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  logger.info('broker stopping', { reason });
  await broker?.stop();
  await health?.close();
  logger.info('broker stopped');
  process.exit(0);
}

process.on('SIGTERM', () => void shutDown('SIGTERM'));
process.on('SIGINT', () => void shutDown('SIGINT'));
process.on('disconnect', () => void shutDown('supervisor disconnected'));

try {
  broker = await startBroker({
    dataDir: environment.dataDir,
    listeners: environment.listeners,
    logger,
    settings: { nodeId: environment.nodeId, defaultPartitions: environment.defaultPartitions },
  });
  logger.info('broker ready', {
    listeners: broker.listeners.map(({ host, port, advertised }) => ({ host, port, advertised })),
    healthPort: health?.port ?? null,
    dataDir: environment.dataDir,
    clusterId: broker.cluster.clusterId,
    topics: broker.cluster.topics.all().length,
    startMs: Math.round(performance.now()),
  });
} catch {
  process.exit(1); // startBroker has logged why
}
