import { expect, test } from 'vitest';
import { processEnv } from '../process-env.ts';
import { fleet, supervisorName } from '../topology.ts';
import { createAddresses } from './addresses.ts';
import { environmentOf } from './environment.ts';
import type { PortTable } from './ports.ts';
import type { Secrets } from './secrets.ts';

const secrets: Secrets = {
  version: 1,
  controlToken: 'control',
  telemetryToken: 'telemetry',
  otlpKey: 'otlp',
  quoteSigningKey: 'quote',
  paymentsApiKey: 'pay',
  agentToken: 'agent',
  auditorToken: 'audit',
  consoleLaunchToken: 'launch',
  cachePassword: 'cache',
  postgresSuperuser: 'super',
  logins: { orders: 'pw' },
  clients: { console: 'c1', cli: 'c2' },
};
const ports: PortTable = Object.fromEntries([
  [supervisorName, { http: 7070 }],
  ...fleet.processes.map((process) => [process.name, process.ports]),
]);

function environment(name: string, detours = new Map<string, { host: string; port: number }>()) {
  const process = fleet.processes.find((candidate) => candidate.name === name);
  if (!process) throw new Error(name);
  return environmentOf(process, `${name}-1`, {
    fleet,
    addresses: createAddresses(fleet, ports, detours),
    secrets,
    home: '/tmp/home',
    compileCache: '/tmp/home/cache',
    version: '0.1.0',
    inherited: processEnv({ PATH: '/bin', NODE_OPTIONS: '--inspect', npm_config_cache: 'x' }),
  });
}

test('a service gets one address per edge, its own database and no secret of another', () => {
  const orders = environment('orders');
  expect(orders).toMatchObject({
    SERVICE_NAME: 'orders',
    SERVICE_INSTANCE_ID: 'orders-1',
    PORT: '8101',
    DATABASE_URL: 'postgres://orders:pw@127.0.0.1:5432/orders',
    KAFKA_BROKERS: '127.0.0.1:9092',
    PRICING_GRPC: '127.0.0.1:50051',
    INFERENCE_URL: 'http://127.0.0.1:8106',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-orrery-otlp-key=otlp',
    QUOTE_SIGNING_KEY: 'quote',
    MALLOC_ARENA_MAX: '2',
  });
  for (const name of ['CONTROL_TOKEN', 'PAYMENTS_API_KEY', 'PAYMENTS_URL', 'NODE_OPTIONS', 'npm_config_cache']) {
    expect(orders).not.toHaveProperty(name);
  }
});

test('a detour changes the address of one edge and leaves everybody else alone', () => {
  const detours = new Map([['billing-payments-http', { host: '127.0.0.1', port: 9999 }]]);
  expect(environment('billing', detours).PAYMENTS_URL).toBe('http://127.0.0.1:9999');
  expect(environment('payments', detours).PORT).toBe('8105');
});

test('all topics of a service are reached by one way to the broker', () => {
  const detours = new Map([['history-broker-kafka', { host: '127.0.0.1', port: 9999 }]]);
  expect(environment('history', detours).KAFKA_BROKERS).toBe('127.0.0.1:9999');
  expect(environment('orders', detours).KAFKA_BROKERS).toBe('127.0.0.1:9092');
});

test('the auditor gets one login for every database, and no secret of a service', () => {
  const auditor = environment('auditor');
  expect(auditor).toMatchObject({
    DATABASE_URL: 'postgres://auditor:@127.0.0.1:5432/auditor',
    KAFKA_BROKERS: '127.0.0.1:9092',
    AUDITOR_TOKEN: 'audit',
  });
  for (const name of ['PAYMENTS_API_KEY', 'QUOTE_SIGNING_KEY', 'OTLP_KEY']) expect(auditor[name]).toBeUndefined();
});

test('the console gets the control API, identity its clients', () => {
  expect(environment('console')).toMatchObject({
    CONTROL_URL: 'http://127.0.0.1:7070',
    CONTROL_TOKEN: 'control',
    CONSOLE_LAUNCH_TOKEN: 'launch',
    IDENTITY_CLIENT_ID: 'console',
    IDENTITY_CLIENT_SECRET: 'c1',
  });
  expect(JSON.parse(environment('identity').IDENTITY_CLIENTS ?? '')).toEqual([
    { id: 'console', secret: 'c1' },
    { id: 'cli', secret: 'c2' },
  ]);
});
