/**
 * What a process is told in a container: what the supervisor would tell it (supervisor/environment.ts), with secrets as
 * files and the few variables that a container needs besides.
 */

import type { Fleet, FleetProcess } from '../fleet.ts';
import { environmentOf } from '../supervisor/environment.ts';
import type { Secrets } from '../supervisor/secrets.ts';
import { containerNetwork } from './addresses.ts';
import { secretFile, secretVariables } from './secret-files.ts';
import { cacheUrl } from './valkey.ts';

/** Where a browser on this machine finds identity and the console. */
const published = (fleet: Fleet, name: string) =>
  `http://127.0.0.1:${fleet.processes.find((process) => process.name === name)?.ports.http}`;

/** Stand-ins: every variable that would hold one becomes a file. */
export const noSecrets: Secrets = {
  version: 1,
  controlToken: '',
  telemetryToken: '',
  otlpKey: '',
  quoteSigningKey: '',
  paymentsApiKey: '',
  auditorToken: '',
  consoleLaunchToken: '',
  agentToken: '',
  postgresSuperuser: '',
  cachePassword: '',
  logins: {},
  clients: {},
};

/** The Collector takes spans and logs for all stores, and asks for no key. */
export const collectorUrl = 'http://otel-collector:4318';

/** With these our telemetry process reads what the stack holds, and keeps nothing itself (telemetry/env.ts). */
const backends = {
  TEMPO_URL: 'http://tempo:3200',
  LOKI_URL: 'http://loki:3100',
  PROMETHEUS_URL: 'http://prometheus:9090',
};

/** Every variable that the process gets, secrets among them in the clear. */
export function plainEnvironment(
  fleet: Fleet,
  process: FleetProcess,
  secrets: Secrets,
  version: string,
): Record<string, string> {
  const { addresses } = containerNetwork(fleet);
  const context = { fleet, addresses, secrets, version, home: '/var/lib/orrery/home', compileCache: '/tmp/compile' };
  return {
    ...environmentOf(process, '', { ...context, inherited: { NODE_ENV: 'production' } }),
    ...(process.cache ? { CACHE_URL: cacheUrl(secrets) } : {}),
  };
}

/** The variables of a container, by name. */
export function containerEnvironment(fleet: Fleet, process: FleetProcess, version: string): Record<string, string> {
  const {
    // The container's id tells one start from the next.
    SERVICE_INSTANCE_ID: _instance,
    OTEL_EXPORTER_OTLP_HEADERS: _header,
    OTLP_KEY: _key,
    NODE_ENV: _image,
    ...told
  } = plainEnvironment(fleet, process, noSecrets, version);
  const secret = secretVariables(fleet, process);
  const environment: Record<string, string> = {
    ...told,
    ...(told.OTEL_EXPORTER_OTLP_ENDPOINT === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl }),
    HOST: '0.0.0.0',
    DEPLOYMENT_ENVIRONMENT: 'compose',
    IDENTITY_ISSUER: published(fleet, 'identity'),
    CONSOLE_URL: published(fleet, 'console'),
    // Servers answer only to names they know: neighbours come through the proxies, or straight.
    ALLOWED_HOSTS: fleet.processes.map(({ name }) => name).join(','),
    ...(process.name === 'telemetry' ? backends : {}),
    ...(secret.includes('AGENT_TOKEN') ? { ORRERY_CONTROL_CHANNEL: '1' } : {}),
  };
  for (const name of secret) {
    delete environment[name];
    environment[`${name}_FILE`] = secretFile(name);
  }
  return Object.fromEntries(Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1)));
}
