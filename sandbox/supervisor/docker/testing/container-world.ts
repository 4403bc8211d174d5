/** The supervisor of containers over an engine that answers as Docker does, with real proxies on one edge. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ProcessStatus } from '#contracts/sandbox/control.ts';
import type { FaultWindow } from '#contracts/telemetry/faults.ts';
import { silentLog } from '#sandbox/log.ts';
import { engineAccess } from '../../../compose/supervision.ts';
import { fleet, supervisorName } from '../../../topology.ts';
import { startToxics } from '../../../toxics/toxics.ts';
import { createAddresses } from '../../addresses.ts';
import { type Home, homeFiles } from '../../home.ts';
import { until } from '../../until.ts';
import { createEngine } from '../engine.ts';
import { superviseContainers } from '../supervise-containers.ts';
import { startFakeEngine } from './fake-engine.ts';

export const edge = { name: 'gateway-orders-http', from: 'gateway', to: 'orders', protocol: 'http' };
const token = 'token-of-the-control-api';

export type ContainerWorld = Awaited<ReturnType<typeof containerWorld>>;

/** What the proxy of compose.yaml lets through, with the project's name filled in. */
export const access = Object.fromEntries(
  Object.entries(engineAccess(fleet)).map(([method, pattern]) => [
    method,
    pattern.replaceAll(`\${COMPOSE_PROJECT_NAME}`, 'orrery'),
  ]),
);

/** Everything but this supervisor, which may end and begin anew. */
export async function containerWorld() {
  const directory = await mkdtemp(path.join(tmpdir(), 'orrery-containers-'));
  const home: Home = homeFiles(directory);
  const engine = await startFakeEngine(access);
  for (const { name } of fleet.processes) engine.add(name);
  const farEnd = createTcpServer((socket) => socket.on('error', () => {}));
  farEnd.listen(0, '127.0.0.1');
  await once(farEnd, 'listening');
  const proxy = { name: edge.name, listen: '127.0.0.1:0', upstream: `127.0.0.1:${portOf(farEnd)}`, enabled: true };
  const toxics = await startProxies(directory, proxy);
  const { listen } = (await (await fetch(`${toxics.url}/proxies/${edge.name}`)).json()) as { listen: string };
  const store = await telemetryStore();
  const services = await controlChannels();
  const controlPort = await freePort();
  const ports = Object.fromEntries(
    fleet.processes.map(({ name, ports: known, secrets }) => [
      name,
      secrets.includes('AGENT_TOKEN') ? { ...known, http: services.port } : { ...known },
    ]),
  );
  const addresses = createAddresses(fleet, {
    ...ports,
    toxics: { http: Number(new URL(toxics.url).port) },
    telemetry: { http: store.port },
    [supervisorName]: { http: controlPort },
  });
  const address = { host: '127.0.0.1', port: Number(listen.split(':')[1]) };
  const detours = { edges: [edge], addresses: new Map([[edge.name, address]]), proxies: [], brokerListeners: '' };
  const notices: string[] = [];
  const history: ProcessStatus[] = [];
  const begin = () =>
    superviseContainers({
      fleet,
      project: 'orrery',
      home,
      environment: { PATH: process.env.PATH ?? '', NODE_ENV: 'test' },
      engine: createEngine(engine.url),
      network: { addresses, detours },
      tokens: { control: token, telemetry: 'telemetry', auditor: 'auditor', agent: 'agent', cliClient: 'cli' },
      listening: { host: '127.0.0.1', port: controlPort, hosts: ['supervisor'] },
      onChange: (status) => history.push(status),
      onNotice: (message) => notices.push(message),
    });
  const listens = () => until(() => engine.listening() === 1, { timeoutMs: 15_000 });
  let supervisor = await begin();
  await listens();
  const status = (name: string): ProcessStatus => {
    const found = supervisor.statuses().find((process) => process.name === name);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };
  return {
    engine,
    toxics,
    store,
    services,
    home,
    notices,
    /** Each status with a new state, in order. */
    history,
    status,
    controlUrl: `http://127.0.0.1:${controlPort}`,
    async ask(method: string, at: string, body?: unknown): Promise<{ status: number; body: unknown }> {
      const response = await fetch(`http://127.0.0.1:${controlPort}/v1${at}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        body: body === undefined ? null : JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    },
    async becomes(name: string, condition: (status: ProcessStatus) => boolean): Promise<ProcessStatus> {
      if (await until(() => condition(status(name)), { timeoutMs: 15_000 })) return status(name);
      throw new Error(`${name} never was: ${JSON.stringify(status(name))}`);
    },
    /** Ends without a word, as a killed one does, and begins anew on the same state. */
    async killAndBegin(meanwhile: () => void = () => {}) {
      await supervisor.stop();
      meanwhile();
      supervisor = await begin();
      await listens();
    },
    async end() {
      await supervisor.stop();
      await Promise.all([toxics.close(), engine.close(), store.close(), services.close()]);
      farEnd.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Our own proxies, or Toxiproxy's where TOXIPROXY_SERVER names its program. */
async function startProxies(directory: string, proxy: object): Promise<{ url: string; close(): Promise<void> }> {
  const program = process.env.TOXIPROXY_SERVER;
  if (program === undefined) {
    return startToxics({ host: '127.0.0.1', port: 0, seed: '', log: silentLog, proxies: [proxy] });
  }
  const config = path.join(directory, 'toxiproxy.json');
  await writeFile(config, JSON.stringify([proxy]));
  const port = await freePort();
  const child = spawn(program, [`-port=${port}`, `-config=${config}`], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  const answers = () =>
    fetch(`${url}/proxies/${edge.name}`).then(
      ({ ok }) => ok,
      () => false,
    );
  if (!(await until(answers, { timeoutMs: 10_000 }))) throw new Error(`${program} does not answer`);
  return {
    url,
    async close() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Takes what it is told of faults, and says that so many traces were touched. */
async function telemetryStore() {
  const told: FaultWindow[][] = [];
  const state = { touched: 0 };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.url === '/api/faults') {
      told.push(JSON.parse(body) as FaultWindow[]);
      response.writeHead(204).end();
      return;
    }
    const traces = Array.from({ length: state.touched }, (_, index) => ({
      traceId: String(index + 1).padStart(32, '0'),
      rootName: 'POST /orders',
      rootService: 'gateway',
      rootMissing: false,
      startUnixNano: '1',
      durationNano: 1,
      spanCount: 1,
      errorCount: 0,
      injectedCount: 0,
      faults: [],
      services: [],
      orderId: null,
      lastArrivalMs: 0,
    }));
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ traces, hasMore: false, elapsedMs: 1, sql: '' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    told,
    state,
    port: portOf(server),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The control channels of all services in one: what is armed in them, by path (`faults/<id>`, `failpoints/<name>`). */
async function controlChannels() {
  const armed = new Set<string>();
  const server = createServer((request, response) => {
    const at = (request.url ?? '').replace('/control/v1/', '');
    const [kind = '', name = ''] = at.split('/');
    if (request.method === 'PUT') armed.add(at);
    if (request.method === 'DELETE') armed.delete(at);
    const list = [...armed].filter((other) => other.startsWith('faults/'));
    const status = { armed: armed.has(at), action: null, orderId: null, hits: 0, remaining: 0, expiresAt: null };
    const all = list.map((other) => ({ id: other.replace('faults/', ''), kind: 'fake', hits: 0 }));
    const answer = kind === 'failpoints' ? { failpoint: name, ...status } : request.method === 'GET' ? all : {};
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    armed,
    port: portOf(server),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function portOf(server: { address(): unknown }): number {
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}
