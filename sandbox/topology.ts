/**
 * The one description of the system: every process, topic and edge. The supervisor starts it, the map draws it, the
 * exporters render it, a test compares it with compose/. Order of the processes fixes their colours and start order.
 */
import { replyTopics, requestTopics } from '#contracts/events/requests.ts';
import { partitionsPerTopic, topics as topicNames } from '#contracts/events/topics.ts';
import type { EdgeProtocol, ProcessKind } from '#contracts/sandbox/topology.ts';
import type { Fleet, FleetEdge, FleetProcess, FleetTopic, SecretVariable } from './fleet.ts';

/** Name of the supervisor as the target of `control` edges; it starts the processes, so it is not one of them. */
export const supervisorName = 'supervisor';
export const supervisorPort = 7070;

/**
 * Young-generation size in MiB and V8's small code against memory (docs/perf/cpu-per-order.md): services that handle
 * every event of every order spend an eighth of their CPU in garbage collection at 4; those that every order calls
 * lose a seventh of theirs to code made small; the others are asked now and then.
 */
const busyFlags = ['--max-semi-space-size=8'];
const calledFlags = ['--max-semi-space-size=4'];
const quietFlags = ['--max-semi-space-size=2', '--optimize-for-size'];

const small = { cpuRequestMillis: 50, cpuLimitMillis: 500, memoryRequestMiB: 96, memoryLimitMiB: 192 };
const medium = { cpuRequestMillis: 100, cpuLimitMillis: 1000, memoryRequestMiB: 128, memoryLimitMiB: 256 };
const large = { cpuRequestMillis: 250, cpuLimitMillis: 2000, memoryRequestMiB: 256, memoryLimitMiB: 768 };

const infrastructure: FleetProcess[] = [
  {
    name: 'postgres',
    title: 'Postgres',
    kind: 'database',
    description: 'One database and one login per service; a login reaches no other database.',
    ports: { postgres: 5432 },
    startAfter: [],
    database: null,
    colour: null,
    resources: large,
    launch: { type: 'postgres' },
    readiness: { type: 'postgres', port: 'postgres' },
    secrets: [],
    cache: false,
    nodeFlags: [],
  },
  {
    name: 'broker',
    title: 'Broker',
    kind: 'broker',
    description: 'Topics and consumer groups over the Kafka wire protocol.',
    ports: { kafka: 9092 },
    startAfter: [],
    database: null,
    colour: null,
    resources: medium,
    launch: { type: 'node', entry: 'sandbox/broker/main.ts' },
    readiness: { type: 'kafka', port: 'kafka' },
    secrets: [],
    cache: false,
    nodeFlags: ['--max-semi-space-size=8'],
  },
  {
    name: 'telemetry',
    title: 'Telemetry',
    kind: 'telemetry',
    description: 'Takes spans and logs over OTLP, keeps them in DuckDB, answers queries.',
    ports: { http: 4318 },
    startAfter: [],
    database: null,
    colour: null,
    resources: large,
    launch: { type: 'node', entry: 'sandbox/telemetry/main.ts' },
    readiness: { type: 'http', port: 'http', path: '/health/ready' },
    secrets: ['TELEMETRY_TOKEN', 'OTLP_KEY'],
    cache: false,
    nodeFlags: ['--max-semi-space-size=4', '--max-old-space-size=128'],
  },
  {
    name: 'toxics',
    title: 'Toxics',
    kind: 'proxy',
    description: 'A TCP proxy on every edge, for faults of the network; Toxiproxy’s API.',
    ports: { http: 8474 },
    startAfter: [],
    database: null,
    colour: null,
    resources: medium,
    launch: { type: 'node', entry: 'sandbox/toxics/main.ts' },
    readiness: { type: 'http', port: 'http', path: '/version' },
    secrets: [],
    cache: false,
    nodeFlags: ['--max-semi-space-size=4'],
  },
];

/** Reads every database of orders and every topic, and nothing else: `readOnlyLogins` below. */
const auditor: FleetProcess = {
  name: 'auditor',
  title: 'Auditor',
  kind: 'auditor',
  description: 'Recomputes every invariant from ledgers and messages, with logins that cannot write.',
  ports: { http: 8109 },
  startAfter: [],
  database: null,
  colour: null,
  resources: medium,
  launch: { type: 'node', entry: 'sandbox/auditor/main.ts' },
  readiness: { type: 'http', port: 'http', path: '/health/ready' },
  // The control token is the fleet's only way to tell which processes run; nothing is started or ended with it.
  secrets: ['AUDITOR_TOKEN', 'TELEMETRY_TOKEN', 'CONTROL_TOKEN'],
  cache: false,
  nodeFlags: quietFlags,
};

type ServiceRow = {
  name: string;
  title: string;
  kind: ProcessKind;
  port: number;
  colour: number | null;
  description: string;
  database?: boolean;
  /** Handles the events of every order. */
  events?: boolean;
  /** Is called by every order and gains by it; pricing, which is called as well, does not. */
  called?: boolean;
  grpc?: number;
  cache?: boolean;
  extensions?: string[];
  secrets?: SecretVariable[];
};

// biome-ignore format: a table reads by its columns
const services = (
  [
    { name: 'identity', title: 'Identity', kind: 'edge', port: 8090, colour: 10, database: true, secrets: ['IDENTITY_CLIENTS'], description: 'OpenID provider: demo users, clients, signing keys.' },
    { name: 'pricing', title: 'Pricing', kind: 'crud', port: 8103, grpc: 50051, colour: 5, database: true, cache: true, secrets: ['QUOTE_SIGNING_KEY'], description: 'Price list and signed quotes, over gRPC and REST.' },
    { name: 'inventory', title: 'Inventory', kind: 'crud', port: 8102, colour: 3, database: true, events: true, description: 'Catalogue, stock ledger and reservations.' },
    { name: 'inference', title: 'Inference', kind: 'inference', port: 8106, colour: 9, database: true, extensions: ['vector'], called: true, description: 'Product search, recommendations and fraud scores by vectors.' },
    { name: 'payments', title: 'Payments', kind: 'outside-world', port: 8105, colour: 6, database: true, secrets: ['PAYMENTS_API_KEY'], called: true, description: 'Simulated payment provider with a ledger of its own.' },
    { name: 'billing', title: 'Billing', kind: 'adapter', port: 8104, colour: 4, database: true, events: true, secrets: ['PAYMENTS_API_KEY'], description: 'Charges and refunds at the provider, double-entry ledger.' },
    { name: 'orders', title: 'Orders', kind: 'orchestrator', port: 8101, colour: 2, database: true, events: true, secrets: ['QUOTE_SIGNING_KEY'], description: 'Takes orders and keeps their state.' },
    { name: 'workers', title: 'Workers', kind: 'worker', port: 8107, colour: 7, database: true, events: true, description: 'Invoices as PDF, notifications into the dev mailbox.' },
    { name: 'history', title: 'History', kind: 'read-model', port: 8108, colour: 8, database: true, events: true, description: 'Denormalised view and timeline of every order.' },
    { name: 'gateway', title: 'Gateway', kind: 'edge', port: 8080, colour: 1, cache: true, called: true, description: 'Checks tokens, limits rate, routes to the services.' },
  ] satisfies ServiceRow[]
).map(service);

const consoleProcess: FleetProcess = {
  name: 'console',
  title: 'Console',
  kind: 'console',
  description: 'The web console.',
  ports: { http: 3000 },
  startAfter: [],
  database: null,
  colour: null,
  resources: large,
  launch: { type: 'console' },
  readiness: { type: 'http', port: 'http', path: '/health/ready' },
  secrets: [
    'CONTROL_TOKEN',
    'TELEMETRY_TOKEN',
    'AUDITOR_TOKEN',
    'CONSOLE_LAUNCH_TOKEN',
    'IDENTITY_CLIENT_ID',
    'IDENTITY_CLIENT_SECRET',
  ],
  cache: false,
  nodeFlags: [],
};

function service(row: ServiceRow): FleetProcess {
  return {
    name: row.name,
    title: row.title,
    kind: row.kind,
    description: row.description,
    ports: row.grpc === undefined ? { http: row.port } : { http: row.port, grpc: row.grpc },
    // Only what a service cannot boot without. Calls between services are soft: they are retried, so all boot at once.
    startAfter: [...(row.database ? ['postgres', 'toxics'] : []), ...(row.events ? ['broker'] : [])],
    database: row.database ? row.name : null,
    colour: row.colour,
    resources: row.kind === 'edge' || row.kind === 'outside-world' ? small : medium,
    launch: { type: 'node', entry: `services/${row.name}/main.ts` },
    readiness: { type: 'http', port: 'http', path: '/health/ready' },
    secrets: [...(row.secrets ?? []), 'AGENT_TOKEN'],
    cache: row.cache ?? false,
    ...(row.extensions === undefined ? {} : { extensions: row.extensions }),
    nodeFlags: row.events ? busyFlags : row.called ? calledFlags : quietFlags,
  };
}

const processes: readonly FleetProcess[] = [...infrastructure, ...services, auditor, consoleProcess];

/** from · to · protocol · variable that carries the address · what crosses */
const calls: readonly (readonly [string, string, EdgeProtocol, string, string])[] = [
  ['console', 'gateway', 'http', 'GATEWAY_URL', 'orders, catalogue, search'],
  ['console', 'history', 'http', 'HISTORY_URL', 'order views and their stream'],
  ['console', 'telemetry', 'http', 'TELEMETRY_URL', 'traces, logs and rates'],
  ['console', 'auditor', 'http', 'AUDITOR_URL', 'verdicts'],
  ['console', 'identity', 'http', 'IDENTITY_URL', 'tokens'],
  ['console', supervisorName, 'control', 'CONTROL_URL', 'process states and actions'],
  ['gateway', 'orders', 'http', 'ORDERS_URL', 'place and read orders'],
  ['gateway', 'history', 'http', 'HISTORY_URL', 'order views and timelines'],
  ['gateway', 'inventory', 'http', 'INVENTORY_URL', 'catalogue and stock'],
  ['gateway', 'pricing', 'http', 'PRICING_URL', 'price list'],
  ['gateway', 'inference', 'http', 'INFERENCE_URL', 'search and recommendations'],
  ['gateway', 'billing', 'http', 'BILLING_URL', 'ledger of an order'],
  ['gateway', 'workers', 'http', 'WORKERS_URL', 'invoices and mailbox'],
  ['orders', 'pricing', 'grpc', 'PRICING_GRPC', 'signed quotes'],
  ['orders', 'inference', 'http', 'INFERENCE_URL', 'fraud scores'],
  ['billing', 'payments', 'http', 'PAYMENTS_URL', 'charges and refunds'],
  ['auditor', 'telemetry', 'http', 'TELEMETRY_URL', 'traces as evidence'],
  ['auditor', 'postgres', 'postgres', 'DATABASE_URL', 'reads the ledgers of all'],
  ['auditor', 'broker', 'kafka-consume', 'KAFKA_BROKERS', 'reads every topic'],
  ['auditor', supervisorName, 'control', 'CONTROL_URL', 'which processes run, which faults were on'],
];

const topics: readonly FleetTopic[] = [
  topic(topicNames.orders, 'orders', 'order.created, .screened, .confirmed, .compensating, .cancelled, .timed_out'),
  topic(topicNames.inventory, 'inventory', 'inventory.reserved, .rejected, .released, .committed'),
  topic(topicNames.billing, 'billing', 'payment.succeeded, .failed, .voided, .refunded'),
  topic(topicNames.workers, 'workers', 'invoice.issued, notification.sent'),
  topic(topicNames.inventoryCommands, 'orders', 'commands of orchestrated sagas: reserve, release, commit'),
  topic(topicNames.billingCommands, 'orders', 'commands of orchestrated sagas: charge, undo'),
  topic(topicNames.workersCommands, 'orders', 'commands of orchestrated sagas: invoice and mails'),
  topic(requestTopics.billing, 'orders', 'questions to billing, each with a reply topic and a deadline'),
  topic(replyTopics.orders, 'billing', 'answers to questions of orders'),
];

function topic(name: string, owner: string, description: string): FleetTopic {
  return { name, partitions: partitionsPerTopic, owner, description };
}

const consumers: Record<string, readonly string[]> = {
  orders: [topicNames.orders, topicNames.inventory, topicNames.billing, topicNames.workers, replyTopics.orders],
  inventory: [topicNames.orders, topicNames.billing, topicNames.inventoryCommands],
  billing: [topicNames.inventory, topicNames.orders, topicNames.billingCommands, requestTopics.billing],
  workers: [topicNames.orders, topicNames.workersCommands],
  history: Object.values(topicNames),
};

const untraced = [...infrastructure, auditor];
const traced = processes.filter((process) => process.launch.type === 'node' && !untraced.includes(process));

/** Whoever takes a user's token checks it by itself, behind the gateway too. */
const verifiers = ['gateway', 'orders', 'inventory', 'pricing', 'inference', 'billing', 'workers', 'history'];

const edges: readonly FleetEdge[] = [
  ...calls.map(([from, to, protocol, variable, description]) => ({ from, to, protocol, variable, description })),
  ...verifiers.map((from) => ({
    from,
    to: 'identity',
    protocol: 'http' as const,
    variable: 'IDENTITY_URL',
    description: 'signing keys (JWKS)',
  })),
  ...processes.flatMap((process) =>
    process.database
      ? [
          {
            from: process.name,
            to: 'postgres',
            protocol: 'postgres' as const,
            variable: 'DATABASE_URL',
            description: `its database ${process.database}`,
          },
        ]
      : [],
  ),
  ...topics.map((known) => ({
    from: known.owner,
    to: known.name,
    protocol: 'kafka-produce' as const,
    variable: 'KAFKA_BROKERS',
    description: 'publishes from its outbox',
  })),
  ...Object.entries(consumers).flatMap(([from, names]) =>
    names.map((to) => ({
      from,
      to,
      protocol: 'kafka-consume' as const,
      variable: 'KAFKA_BROKERS',
      description: 'reacts to its events',
    })),
  ),
  ...traced.map((process) => ({
    from: process.name,
    to: 'telemetry',
    protocol: 'otlp' as const,
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    description: 'spans',
  })),
];

/** Logins without a database of their own, and the databases that they may read. */
export const readOnlyLogins: readonly { name: string; reads: readonly string[] }[] = [
  {
    name: 'auditor',
    reads: ['orders', 'inventory', 'billing', 'payments', 'workers', 'history', 'pricing', 'inference'],
  },
];

export const fleet: Fleet = { processes, topics, edges };
