import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { repository } from '../supervisor/home.ts';
import { packageVersion } from '../supervisor/package-version.ts';
import { fleet, supervisorName } from '../topology.ts';
import { type ComposeFile, composeFiles } from './compose-file.ts';
import { noSecrets } from './environment.ts';
import { recordedSchemas, registerSchemas } from './jobs/register-schemas.ts';
import { secretContents } from './jobs/write-secrets.ts';
import { secretFile, secretSubpath } from './secret-files.ts';
import { dockerProxyName, engineNetwork } from './supervision.ts';
import { disagreements, type ProxyEntry } from './testing/disagreements.ts';
import { weaknesses } from './testing/weaknesses.ts';
import { aclFile } from './valkey.ts';

const read = (file: string) => readFileSync(path.join(repository, file), 'utf8');
const files = composeFiles(fleet, packageVersion());
const compose = () => parse(read('compose/compose.yaml')) as ComposeFile;
const proxies = () => JSON.parse(read('compose/toxiproxy.json')) as ProxyEntry[];
const contents = secretContents(fleet, { ...noSecrets, logins: { orders: 'hunter2' }, cachePassword: 'hunter3' });
const databaseUrls = Object.fromEntries(
  fleet.processes.map(({ name }) => [name, contents[`${secretSubpath(name)}/DATABASE_URL`] ?? '']),
);
const disagree = (changed = compose(), changedProxies = proxies()) =>
  disagreements(fleet, changed, changedProxies, databaseUrls);

/** The composition after a change; a change of something that is not there is a mistake of the test. */
function changed(change: (services: ComposeFile['services']) => void): ComposeFile {
  const file = compose();
  const before = JSON.stringify(file);
  change(file.services);
  if (JSON.stringify(file) === before) throw new Error('nothing was changed');
  return file;
}

/** Overwrites fields of a container, or variables of its environment. */
const put = (target: object | undefined, fields: object): void => void Object.assign(target ?? {}, fields);

const stale = (onDisk: (file: string) => string) =>
  files.filter((file) => file.content !== onDisk(file.path)).map((file) => file.path);

test('what is checked in is what `node sandbox/compose/render.ts` writes', () => {
  expect(stale(read), 'run: node sandbox/compose/render.ts').toEqual([]);
  expect(stale((file) => read(file).replace('8101', '8100'))).toContain('compose/compose.yaml');
});

test('every process, port, variable, health check and edge of the topology is there, and each address leads to its owner', () => {
  expect(disagree()).toEqual([]);
});

test.each<[string, (services: ComposeFile['services']) => void, string]>([
  ['a service is forgotten', (all) => void delete all.billing, 'billing is missing'],
  ['a port moves', (all) => put(all.orders, { ports: ['127.0.0.1:9999:8101'] }), 'orders does not publish 8101'],
  ['a variable is forgotten', (all) => void delete all.orders?.environment?.LOG_LEVEL, 'orders is not told LOG_LEVEL'],
  [
    'an address is forgotten',
    (all) => void delete all.billing?.environment?.PAYMENTS_URL,
    'billing → payments (PAYMENTS_URL): no address',
  ],
  [
    'an address leads elsewhere',
    (all) => put(all.gateway?.environment, { ORDERS_URL: 'http://history:8108' }),
    'gateway → orders (ORDERS_URL): reaches history:8108',
  ],
  [
    'the supervisor does not know its name',
    (all) => void delete all.supervisor?.environment?.ALLOWED_HOSTS,
    'console → supervisor (CONTROL_URL): nobody answers at supervisor:7070',
  ],
  [
    'readiness is asked elsewhere',
    (all) => void all.history?.healthcheck?.test.splice(-1, 1, '/'),
    'history is not asked /health/ready',
  ],
  [
    'Kafka advertises another address',
    (all) =>
      void all.broker?.command?.splice(
        0,
        99,
        ...all.broker.command.map((line) => line.replace('orders://toxics', 'orders://broker')),
      ),
    'is not advertised',
  ],
])('control: %s, and it is said', (_name, change, complaint) => {
  expect(disagree(changed(change)).join('\n')).toContain(complaint);
});

test('control: a proxy to the wrong process, and it is said', () => {
  const wrong = proxies().map((proxy) =>
    proxy.name === 'orders-postgres-postgres' ? { ...proxy, upstream: 'broker:9092' } : proxy,
  );
  expect(disagree(compose(), wrong).join('\n')).toContain('orders → postgres (DATABASE_URL): reaches broker:9092');
});

test('no container can write, gain or show more than it needs', () => {
  expect(weaknesses(compose())).toEqual([]);
});

const socketProblems = ({ services, networks }: ComposeFile) => {
  const holders = Object.keys(services).filter((name) => JSON.stringify(services[name]).includes('docker.sock'));
  const near = Object.keys(services).filter((name) => services[name]?.networks?.includes(engineNetwork));
  return { holders, near, alone: services[dockerProxyName]?.networks, network: networks[engineNetwork] };
};

test('one container holds the engine’s socket, and the supervisor alone can reach it', () => {
  const expected = {
    holders: [dockerProxyName],
    near: [dockerProxyName, supervisorName],
    alone: [engineNetwork],
    network: { internal: true },
  };
  expect(socketProblems(compose())).toEqual(expected);
  expect(compose().services[dockerProxyName]?.ports).toBeUndefined();
  expect(socketProblems(changed((all) => put(all.orders, { networks: ['default', engineNetwork] })))).not.toEqual(
    expected,
  );
  expect(socketProblems(changed((all) => put(all[dockerProxyName], { networks: ['default'] })))).not.toEqual(expected);
});

test('the auditor finds the histories of load where the supervisor leaves them', () => {
  const mountOf = (name: string) =>
    compose().services[name]?.volumes?.find(
      (mount) => mount.target === compose().services[name]?.environment?.ORRERY_HOME,
    );
  expect(mountOf(supervisorName)?.source).toBe('supervisor');
  expect(mountOf('auditor')).toEqual({ ...mountOf(supervisorName), read_only: true });
});

test.each<[(services: ComposeFile['services']) => void, string]>([
  [(all) => put(all.orders, { image: 'orders:latest' }), 'orders has no pinned image'],
  [(all) => void delete all.orders?.read_only, 'orders can write its root'],
  [(all) => put(all.loki, { user: '0:0' }), 'loki may run as root'],
  [(all) => put(all.postgres, { ports: ['5432:5432'] }), 'postgres publishes 5432:5432 to everybody'],
  [(all) => void delete all.toxics?.healthcheck, 'orders waits for the health of toxics'],
  [(all) => void delete all.topics, 'orders waits for topics, which is nowhere'],
  [(all) => put(all.toxics, { profiles: ['extra'] }), 'orders waits for toxics, which its profiles may leave out'],
])('control: weakness %# is said', (change, complaint) => {
  expect(weaknesses(changed(change)).join('\n')).toContain(complaint);
});

test('compose.yaml is what the Compose Specification allows, and a misspelt field is not', () => {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    formats: { duration: true, ports: true, expose: true, subnet_ip_address: true, uint32: true },
  });
  const schema = JSON.parse(read('sandbox/compose/testing/schemas/compose-spec.json')) as object;
  const validate = ajv.compile({ ...schema, $schema: undefined });
  expect(validate(compose()), JSON.stringify(validate.errors)).toBe(true);
  expect(validate(changed((all) => Object.assign(all.orders ?? {}, { helthcheck: {} })))).toBe(false);
  expect(JSON.stringify(validate.errors)).toContain('helthcheck');
});

const docker = spawnSync('docker', ['compose', 'version']).status === 0;
const config = (file: string) =>
  spawnSync('docker', ['compose', '-f', file, 'config', '--quiet'], { encoding: 'utf8' });

test.runIf(docker)('`docker compose config` takes it, with and without profiles, and refuses a broken one', () => {
  expect(config(path.join(repository, 'compose/compose.yaml'))).toMatchObject({ status: 0, stderr: '' });
  const folder = mkdtempSync(path.join(tmpdir(), 'orrery-compose-'));
  try {
    const broken = path.join(folder, 'compose.yaml');
    writeFileSync(broken, JSON.stringify(changed((all) => void delete all.topics)));
    expect(config(broken)).toMatchObject({ status: 1, stderr: expect.stringContaining('topics') });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('each process finds the secrets that it is told of, and no others', () => {
  const { services } = compose();
  for (const [name, { environment = {}, volumes = [] }] of Object.entries(services)) {
    const mounted = volumes.flatMap((mount) => (mount.type === 'volume' ? (mount.volume?.subpath ?? []) : []));
    const told = Object.values(environment).filter((value) => value.startsWith(secretFile('')));
    const written = Object.keys(contents).filter((file) => mounted.some((folder) => file.startsWith(`${folder}/`)));
    if (name === 'valkey') told.push(secretFile(aclFile));
    expect(written.map((file) => secretFile(path.basename(file))).sort(), name).toEqual(told.sort());
    expect(JSON.stringify(environment), name).not.toMatch(/postgres:\/\//);
  }
  expect(contents['files/gateway/CACHE_URL']).toBe('redis://orrery:hunter3@valkey:6379');
  expect(contents['files/valkey/users.acl']).not.toContain('hunter3');
  expect(contents['files/orders/DATABASE_URL']).toMatch(/^postgres:\/\/orders:hunter2@toxics:\d+\/orders$/);
});

test('what is mounted and what is started exists, in a folder that the image holds', () => {
  const dockerfile = read('compose/Dockerfile');
  for (const [name, { volumes = [], command = [], image }] of Object.entries(compose().services)) {
    for (const mount of volumes) {
      // The socket of the engine is of the machine, not of the checkout.
      if (mount.type !== 'bind' || mount.source === '/var/run/docker.sock') continue;
      expect(existsSync(path.join(repository, 'compose', mount.source)), name).toBe(true);
    }
    const entry = command.find((argument) => argument.endsWith('.ts'));
    if (entry === undefined) continue;
    expect(existsSync(path.join(repository, entry)), entry).toBe(true);
    const stage = dockerfile
      .split(/^FROM /m)
      .find((text) => text.includes(image.includes('sandbox') ? ' AS sandbox' : ':nonroot\n'));
    expect(stage, name).toContain(`COPY ${entry.split('/')[0]} `);
  }
});

test('every host that a mounted configuration names is a container', () => {
  const { services } = compose();
  const hosts = files
    .filter((file) => file.path.startsWith('observability/'))
    .flatMap((file) =>
      [...file.content.matchAll(/(?:http:\/\/|endpoint: |- )([a-z][a-z-]*):\d{4}/g)].map(([, host]) => host),
    );
  expect(new Set(hosts).size).toBeGreaterThan(4);
  for (const host of hosts) if (host !== 'localhost') expect(Object.keys(services)).toContain(host);
  // Nobody measures containers here, and no panel stays empty.
  expect(read('observability/grafana/dashboards/orrery.json')).not.toContain('container_');
});

const promtool = spawnSync('promtool', ['--version']).status === 0;

test.runIf(promtool)('promtool passes the mounted rules, and fails them when one is broken', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'orrery-compose-'));
  try {
    const rules = read('observability/prometheus/rules/slo.yaml');
    const check = (text: string) => {
      writeFileSync(path.join(folder, 'slo.yaml'), text);
      return spawnSync('promtool', ['check', 'rules', path.join(folder, 'slo.yaml')]).status;
    };
    expect(check(rules)).toBe(0);
    expect(check(rules.replace('rate(', 'rite('))).not.toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('every version of every event is registered in order, and a refusal names its schema', async () => {
  const seen: { method: string; path: string; body: { schemaType?: string; schema?: string } }[] = [];
  let refuse = '';
  const registry = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const refused = refuse !== '' && request.url?.includes(refuse) === true;
    if (!refused) seen.push({ method: request.method ?? '', path: request.url ?? '', body: JSON.parse(body) });
    response.writeHead(refused ? 422 : 200).end(refused ? '{"message":"Invalid schema"}' : '{"id":1}');
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
  try {
    const schemas = await recordedSchemas();
    await registerSchemas(url, schemas);
    const posted = seen.filter(({ method }) => method === 'POST');
    expect(posted.map(({ path: at }) => at)).toEqual(schemas.map(({ subject }) => `/subjects/${subject}/versions`));
    expect(posted.every(({ body }) => body.schemaType === 'JSON' && JSON.parse(body.schema ?? '').$id)).toBe(true);
    const versions = schemas.filter(({ subject }) => subject === 'order.created').map(({ version }) => version);
    expect(versions).toEqual([...versions].sort((a, b) => Number(a.split('.')[0]) - Number(b.split('.')[0])));
    refuse = 'order.created';
    await expect(registerSchemas(url, schemas)).rejects.toThrow(/order\.created.*422.*Invalid schema/);
  } finally {
    registry.close();
  }
});
