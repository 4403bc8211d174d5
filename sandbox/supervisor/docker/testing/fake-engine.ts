/**
 * Answers as the Docker Engine does to what the supervisor asks. Every request and every answer is held against the
 * engine's own description (engine-api-1.45.json); the first that differs is kept in `violations`.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv, type ValidateFunction } from 'ajv';
import { apiVersion, projectLabel, serviceLabel } from '../engine.ts';

type Schema = Record<string, unknown>;
type Operation = {
  method: string;
  path: string;
  query: Record<string, unknown>;
  responses: Record<string, Schema | null>;
};
type Description = { operations: Operation[]; definitions: Record<string, Schema> };

const api = JSON.parse(readFileSync(new URL('./engine-api-1.45.json', import.meta.url), 'utf8')) as Description;

type State = 'created' | 'running' | 'paused' | 'restarting' | 'exited';
export type FakeContainer = {
  name: string;
  labels: Record<string, string>;
  status: State;
  pid: number;
  exitCode: number;
  health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  healthLog: { Start: string; End: string; ExitCode: number; Output: string }[];
  startedAt: string;
  finishedAt: string;
  restartCount: number;
  /** Engine's restart policy is `unless-stopped`; by hand is what goes through its API. */
  stoppedByHand: boolean;
  lines: { stream: 1 | 2; text: string; at: string }[];
  followers: Set<ServerResponse>;
  /** Names an action that is answered with an error. */
  broken: Set<string>;
};

export type FakeEngine = {
  url: string;
  containers: Map<string, FakeContainer>;
  requests: string[];
  violations: string[];
  add(service: string, fields?: Partial<FakeContainer>): FakeContainer;
  /** It ends by itself, and the engine starts it again. */
  crash(service: string, code: number): void;
  setHealth(service: string, health: FakeContainer['health'], output?: string): void;
  print(service: string, stream: 1 | 2, text: string): void;
  /** Somebody else uses `docker`. */
  act(service: string, action: string): number;
  /** How many listen to its events. */
  listening(): number;
  /** While true it cuts every connection, as an engine that is away. */
  silent: boolean;
  close(): Promise<void>;
};

const never = '0001-01-01T00:00:00Z';
const project = 'orrery';

/** `access`: what a proxy before it lets through, by method; patterns must match the whole path. */
export async function startFakeEngine(access?: Record<string, string>): Promise<FakeEngine> {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema({ $id: 'engine', definitions: closed(api.definitions) });
  const validators = new Map<Schema, ValidateFunction>();
  const containers = new Map<string, FakeContainer>();
  const requests: string[] = [];
  const violations: string[] = [];
  const listeners = new Set<ServerResponse>();
  let lastPid = 1_000;
  let silent = false;

  const nameOf = (service: string) => `${project}-${service}-1`;
  const find = (service: string): FakeContainer => {
    const container = containers.get(nameOf(service));
    if (container === undefined) throw new Error(`no container of ${service}`);
    return container;
  };

  function check(operation: Operation | undefined, status: number, body: unknown, what: string): void {
    const schema = operation?.responses[status];
    if (schema === undefined) violations.push(`${what}: ${status} is no answer of the engine`);
    else if (schema !== null) {
      const validate = validators.get(schema) ?? ajv.compile(closed(absolute(schema)));
      validators.set(schema, validate);
      if (!validate(body)) violations.push(`${what}: ${ajv.errorsText(validate.errors)}`);
    } else if (body !== undefined) violations.push(`${what}: ${status} has no body`);
  }

  function tell(container: FakeContainer, action: string, attributes: Record<string, string> = {}): void {
    const nanos = Date.now() * 1e6;
    const event = {
      Type: 'container',
      Action: action,
      Actor: { ID: idOf(container.name), Attributes: { ...container.labels, name: container.name, ...attributes } },
      scope: 'local',
      time: Math.floor(nanos / 1e9),
      timeNano: nanos,
    };
    check(operationOf('GET', '/events'), 200, event, `event ${action}`);
    for (const listener of listeners) listener.write(`${JSON.stringify(event)}\n`);
  }

  function start(container: FakeContainer): void {
    lastPid += 1;
    Object.assign(container, { status: 'running', pid: lastPid, exitCode: 0, startedAt: now(), healthLog: [] });
    if (container.health !== 'none') container.health = 'starting';
    tell(container, 'start');
  }

  function end(container: FakeContainer, code: number): void {
    for (const follower of container.followers) follower.end();
    container.followers.clear();
    Object.assign(container, { status: 'exited', pid: 0, exitCode: code, finishedAt: now() });
    tell(container, 'die', { exitCode: String(code), execDuration: '1' });
  }

  /** What daemon/{start,stop,kill,pause}.go of the engine do. */
  function act(container: FakeContainer, action: string): { status: number; message?: string } {
    const runs = container.status === 'running' || container.status === 'paused';
    if (container.broken.has(action)) return { status: 500, message: `OCI runtime ${action} failed` };
    switch (action) {
      case 'start':
        if (runs) return { status: 304 };
        container.restartCount = 0;
        container.stoppedByHand = false;
        start(container);
        return { status: 204 };
      case 'stop':
      case 'restart':
        if (!runs && action === 'stop' && container.status !== 'restarting') return { status: 304 };
        container.stoppedByHand = true;
        if (runs) {
          tell(container, 'kill', { signal: '15' });
          end(container, 0);
          tell(container, 'stop');
        } else {
          container.status = 'exited';
        }
        if (action === 'restart') {
          container.restartCount = 0;
          container.stoppedByHand = false;
          start(container);
          tell(container, 'restart');
        }
        return { status: 204 };
      case 'kill':
        if (!runs) return { status: 409, message: `container ${idOf(container.name)} is not running` };
        container.stoppedByHand = true;
        tell(container, 'kill', { signal: '9' });
        end(container, 137);
        return { status: 204 };
      case 'pause':
        if (container.status !== 'running') return { status: 409, message: 'is not running' };
        container.status = 'paused';
        tell(container, 'pause');
        return { status: 204 };
      case 'unpause':
        if (container.status !== 'paused') return { status: 500, message: 'is not paused' };
        container.status = 'running';
        tell(container, 'unpause');
        return { status: 204 };
      default:
        return { status: 404, message: 'page not found' };
    }
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    if (silent) {
      request.socket.destroy();
      return;
    }
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://engine');
    const method = request.method ?? '';
    requests.push(`${method} ${pathname}`);
    const pattern = access?.[method];
    if (access !== undefined && pattern === undefined) {
      response.writeHead(405).end('Method Not Allowed\n');
      return;
    }
    if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(pathname)) {
      response.writeHead(403).end('Forbidden\n');
      return;
    }
    const path = pathname.startsWith(`/${apiVersion}/`) ? pathname.slice(apiVersion.length + 1) : '';
    const operation = operationOf(method, path);
    const unknown = [...searchParams.keys()].filter((name) => operation?.query[name] === undefined);
    if (operation === undefined || unknown.length > 0) violations.push(`${method} ${request.url} is not in the API`);
    const send = (status: number, body?: unknown) => {
      check(operation, status, body, `${method} ${path}`);
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(body === undefined ? '' : JSON.stringify(body));
    };
    if (path === '/events') {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      listeners.add(response);
      request.on('close', () => listeners.delete(response));
      return;
    }
    const [, , name = '', what = ''] = path.split('/');
    const container = containers.get(decodeURIComponent(name));
    if (container === undefined) {
      send(404, { message: `No such container: ${name}` });
      return;
    }
    if (what === 'json') {
      send(200, inspected(container));
      return;
    }
    if (what === 'stats') {
      send(200, {
        cpu_stats: { cpu_usage: { total_usage: Date.now() * 1e5 } },
        memory_stats: { usage: 50 * 2 ** 20, stats: { inactive_file: 10 * 2 ** 20 } },
      });
      return;
    }
    if (what === 'logs') {
      response.writeHead(200, { 'content-type': 'application/vnd.docker.multiplexed-stream' });
      for (const line of container.lines) response.write(frame(line));
      if (container.status !== 'running') {
        response.end();
        return;
      }
      container.followers.add(response);
      request.on('close', () => container.followers.delete(response));
      return;
    }
    const { status, message } = act(container, what);
    send(status, message === undefined ? undefined : { message });
  }

  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    containers,
    requests,
    violations,
    add(service, fields = {}) {
      const labels = { [projectLabel]: project, [serviceLabel]: service };
      const container: FakeContainer = {
        name: nameOf(service),
        labels,
        status: 'running',
        pid: ++lastPid,
        exitCode: 0,
        health: 'healthy',
        healthLog: [],
        startedAt: now(),
        finishedAt: never,
        restartCount: 0,
        stoppedByHand: false,
        lines: [],
        followers: new Set(),
        broken: new Set(),
        ...fields,
      };
      if (container.status === 'created' || container.status === 'exited') container.pid = 0;
      containers.set(container.name, container);
      return container;
    },
    crash(service, code) {
      const container = find(service);
      end(container, code);
      if (container.stoppedByHand) return;
      container.status = 'restarting';
      // Counted before it is started (daemon/monitor.go).
      container.restartCount += 1;
      setTimeout(() => {
        if (container.status !== 'restarting') return;
        start(container);
      }, 100);
    },
    setHealth(service, health, output = '') {
      const container = find(service);
      container.health = health;
      container.healthLog.push({ Start: now(), End: now(), ExitCode: health === 'healthy' ? 0 : 1, Output: output });
      tell(container, `health_status: ${health}`);
    },
    print(service, stream, text) {
      const container = find(service);
      const line = { stream, text, at: now() };
      container.lines.push(line);
      for (const follower of container.followers) follower.write(frame(line));
    },
    act: (service, action) => act(find(service), action).status,
    listening: () => listeners.size,
    get silent() {
      return silent;
    },
    set silent(value) {
      silent = value;
      if (value) server.closeAllConnections();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function operationOf(method: string, path: string): Operation | undefined {
  return api.operations.find(
    (operation) => operation.method === method && new RegExp(`^${operation.path.replace('{id}', '[^/]+')}$`).test(path),
  );
}

function inspected(container: FakeContainer): object {
  const { status } = container;
  return {
    Id: idOf(container.name),
    Name: `/${container.name}`,
    Created: container.startedAt,
    RestartCount: container.restartCount,
    State: {
      Status: status,
      Running: status === 'running' || status === 'paused' || status === 'restarting',
      Paused: status === 'paused',
      Restarting: status === 'restarting',
      OOMKilled: false,
      Dead: false,
      Pid: container.pid,
      ExitCode: container.exitCode,
      Error: '',
      StartedAt: status === 'created' ? never : container.startedAt,
      FinishedAt: container.finishedAt,
      ...(container.health === 'none'
        ? {}
        : { Health: { Status: container.health, FailingStreak: 0, Log: container.healthLog } }),
    },
    Config: { Labels: container.labels, Image: 'localhost/orrery-services:local' },
  };
}

/** Nanoseconds, as the engine writes them. */
function now(): string {
  return new Date().toISOString().replace('Z', '123456Z');
}

function idOf(name: string): string {
  return Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64);
}

function frame({ stream, text, at }: FakeContainer['lines'][number]): Buffer {
  const body = Buffer.from(`${at} ${text}\n`);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

/** No object may hold what the description does not name: the fake invents nothing. */
function closed<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(closed) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const all = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isObject =
    typeof all.properties === 'object' && all.type === 'object' && all.additionalProperties === undefined;
  return (isObject ? { ...all, additionalProperties: false } : all) as T;
}

function absolute(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/definitions/', '"engine#/definitions/')) as Schema;
}
