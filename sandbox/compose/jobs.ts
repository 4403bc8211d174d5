/** What runs once and ends before others start: secrets, logins, topics, schemas. Each does nothing that has been done. */
import type { Fleet } from '../fleet.ts';
import { type Container, confined, type Mount, secretsWritten } from './container.ts';
import { schemaRegistryUrl } from './infrastructure.ts';
import { ours, scratch, shippedLogs } from './processes.ts';

/** The first job of an image builds it for everyone. */
const built = {
  services: { context: '..', dockerfile: 'compose/Dockerfile' },
  sandbox: { context: '..', dockerfile: 'compose/Dockerfile', target: 'sandbox' },
} as const;

/** The whole volume of secrets. Its path exists in the image, so that a new volume belongs to who writes it. */
const allSecrets: Mount = { type: 'volume', source: 'secrets', target: '/var/lib/orrery/secrets' };
const secretsHome = { ORRERY_HOME: '/var/lib/orrery/secrets' };

export function jobs(fleet: Fleet): Record<string, Container> {
  const consumers = [
    ...new Set(fleet.edges.filter((edge) => edge.protocol === 'kafka-consume').map((edge) => edge.from)),
  ].filter((name) => fleet.processes.some((process) => process.name === name && process.database !== null));
  return {
    secrets: job('secrets', 'sandbox', {
      build: built.sandbox,
      command: ['sandbox/compose/jobs/write-secrets.ts'],
      environment: secretsHome,
      volumes: [allSecrets],
    }),
    roles: job('roles', 'sandbox', {
      command: ['sandbox/compose/jobs/create-roles.ts'],
      environment: secretsHome,
      volumes: [{ ...allSecrets, read_only: true }],
      depends_on: { ...secretsWritten, postgres: { condition: 'service_healthy' } },
    }),
    topics: job('topics', 'services', {
      build: built.services,
      command: ['services/kit/jobs/topics.ts', ...consumers],
      environment: { KAFKA_BROKERS: 'broker:9092' },
      depends_on: { broker: { condition: 'service_healthy' } },
    }),
    schemas: job('schemas', 'sandbox', {
      command: ['sandbox/compose/jobs/register-schemas.ts'],
      environment: { SCHEMA_REGISTRY_URL: schemaRegistryUrl },
      depends_on: { broker: { condition: 'service_healthy' } },
    }),
  };
}

function job(
  name: string,
  image: 'services' | 'sandbox',
  work: Pick<Container, 'build' | 'command' | 'environment' | 'volumes' | 'depends_on'>,
): Container {
  return {
    ...ours(image),
    ...work,
    command: ['--disable-warning=ExperimentalWarning', ...(work.command ?? [])],
    tmpfs: [scratch('/tmp')],
    restart: 'on-failure:5',
    init: true,
    ...confined,
    mem_limit: '256m',
    cpus: 1,
    pids_limit: 128,
    logging: shippedLogs(name),
  };
}
