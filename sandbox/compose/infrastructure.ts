/** What takes the place of the embedded parts: Postgres, Redpanda for our broker, Valkey, Toxiproxy for our proxies. */

import type { Fleet } from '../fleet.ts';
import { hostPort } from '../supervisor/addresses.ts';
import { containerNetwork } from './addresses.ts';
import { type Container, config, confined, healthcheck, ownSecrets, publish, secretsWritten } from './container.ts';
import { images } from './images.ts';
import { volume } from './processes.ts';
import { kafkaOnHost } from './published-ports.ts';
import { secretFile } from './secret-files.ts';
import { valkey } from './valkey.ts';

const schemaRegistry = 8_081;
export const schemaRegistryUrl = `http://broker:${schemaRegistry}`;

export function infrastructure(fleet: Fleet): Record<string, Container> {
  return { postgres: postgres(), broker: broker(fleet), valkey: valkey(), toxics: toxics() };
}

function postgres(): Container {
  return {
    image: images.postgres,
    // The account that owns the data in the image.
    user: '999:999',
    // As settings of the embedded server (postgres/settings.ts), where they matter to a dozen small services.
    command: ['postgres', '-c', 'max_connections=120', '-c', 'timezone=UTC', '-c', 'password_encryption=scram-sha-256'],
    environment: {
      POSTGRES_USER: 'postgres',
      POSTGRES_PASSWORD_FILE: secretFile('POSTGRES_PASSWORD'),
      POSTGRES_INITDB_ARGS: '--auth=scram-sha-256 --locale-provider=builtin --builtin-locale=C.UTF-8',
    },
    ports: [publish(5432)],
    // Since version 18 the data is in a folder of its version below this one.
    volumes: [volume('postgres', '/var/lib/postgresql'), ownSecrets('postgres')],
    tmpfs: ['/tmp:size=64m,mode=1777', '/var/run/postgresql:size=1m,mode=1777'],
    depends_on: { ...secretsWritten },
    // Over TCP: while the image initialises, a temporary server answers on the socket only.
    healthcheck: healthcheck(['CMD', 'pg_isready', '-h', '127.0.0.1', '-U', 'postgres', '-d', 'postgres']),
    restart: 'unless-stopped',
    ...confined,
    stop_grace_period: '30s',
    mem_limit: '768m',
    cpus: 2,
    pids_limit: 256,
  };
}

function broker(fleet: Fleet): Container {
  const listeners = [
    { name: 'internal', port: 9_092, advertised: 'broker:9092' },
    { name: 'host', port: kafkaOnHost, advertised: `127.0.0.1:${kafkaOnHost}` },
    ...proxiedListeners(fleet),
  ];
  const { read_only: _writable, ...rest } = confined;
  return {
    image: images.broker,
    command: [
      'redpanda',
      'start',
      '--mode=dev-container',
      '--smp=1',
      '--memory=1G',
      '--default-log-level=warn',
      // A name that is misspelt must not become a topic; the job `topics` makes them.
      '--set=redpanda.auto_create_topics_enabled=false',
      `--kafka-addr=${listeners.map(({ name, port }) => `${name}://0.0.0.0:${port}`).join(',')}`,
      `--advertise-kafka-addr=${listeners.map(({ name, advertised }) => `${name}://${advertised}`).join(',')}`,
      `--schema-registry-addr=0.0.0.0:${schemaRegistry}`,
      '--rpc-addr=broker:33145',
      '--advertise-rpc-addr=broker:33145',
    ],
    ports: [publish(kafkaOnHost), publish(18_081, schemaRegistry)],
    volumes: [volume('broker', '/var/lib/redpanda/data')],
    // `rpk cluster health` ends with 0 for a cluster that is ill, too.
    healthcheck: healthcheck(['CMD-SHELL', "rpk cluster health | grep -qE 'Healthy:.+true'"]),
    restart: 'unless-stopped',
    ...rest,
    stop_grace_period: '30s',
    mem_limit: '1536m',
    cpus: 2,
    pids_limit: 512,
  };
}

/** One listener per proxy: a client must be told the address through which it came, or it would go round its proxy. */
function proxiedListeners(fleet: Fleet) {
  const { detours } = containerNetwork(fleet);
  return detours.edges
    .filter(({ protocol }) => protocol === 'kafka')
    .map(({ name, from }) => {
      const upstream = detours.proxies.find((proxy) => proxy.name === name)?.upstream ?? '';
      const advertised = detours.addresses.get(name);
      if (advertised === undefined) throw new Error(`no proxy on ${name}`);
      return { name: from, port: Number(upstream.split(':')[1]), advertised: hostPort(advertised) };
    });
}

function toxics(): Container {
  return {
    image: images.toxics,
    user: '65532:65532',
    command: ['-host=0.0.0.0', '-config=/config/toxiproxy.json'],
    ports: [publish(8474)],
    volumes: [config('./toxiproxy.json', '/config/toxiproxy.json')],
    healthcheck: healthcheck(['CMD', '/toxiproxy-cli', 'list']),
    restart: 'unless-stopped',
    ...confined,
    stop_grace_period: '5s',
    mem_limit: '128m',
    cpus: 1,
    pids_limit: 256,
  };
}

/** Toxiproxy's configuration: the proxies of the supervisor, listening where neighbours reach them. */
export function toxiproxyConfig(fleet: Fleet): object[] {
  return containerNetwork(fleet).detours.proxies.map(({ listen, ...proxy }) => ({
    ...proxy,
    listen: `0.0.0.0:${listen.split(':')[1]}`,
  }));
}
