/**
 * Who looks after the containers: the supervisor, and the proxy through which alone it reaches the Docker Engine. What
 * opens the engine's socket is root on this machine, so the proxy lets through what sandbox/supervisor/docker/engine.ts
 * asks, for the containers of this fleet by name, and nothing else.
 */
import type { Fleet } from '../fleet.ts';
import { apiVersion } from '../supervisor/docker/engine.ts';
import { supervisorName, supervisorPort } from '../topology.ts';
import { type Container, confined, healthcheck, ownSecrets, publish, secretsWritten } from './container.ts';
import { images } from './images.ts';
import { commonFlags, ours, scratch, secretsFirst, shippedLogs, volume } from './processes.ts';
import { secretFile } from './secret-files.ts';

export const dockerProxyName = 'docker-proxy';
const dockerProxyPort = 2375;
/** Only these two are in it, and it leads nowhere else. */
export const engineNetwork = 'engine';

/** What the supervisor is told as files, by variable. */
export const supervisorSecrets = [
  'CONTROL_TOKEN',
  'TELEMETRY_TOKEN',
  'AUDITOR_TOKEN',
  'AGENT_TOKEN',
  'IDENTITY_CLIENT_SECRET',
] as const;

/** Compose fills in the name of the project, with which the names of its containers begin. */
const project = `\${COMPOSE_PROJECT_NAME}`;

/** Its volume holds what load, faults and experiments leave; the auditor reads the histories of load. */
export const supervisorHome = volume('supervisor', '/var/lib/orrery/home');

export function supervision(fleet: Fleet): Record<string, Container> {
  return { [dockerProxyName]: dockerProxy(fleet), [supervisorName]: supervisor() };
}

/** What may be asked of the engine, by method: patterns that must match the whole path. */
export function engineAccess(fleet: Fleet): Record<'GET' | 'POST', string> {
  const version = `/${apiVersion.replace('.', '\\.')}`;
  const container = `containers/${project}-(${fleet.processes.map(({ name }) => name).join('|')})-1`;
  return {
    GET: `${version}/(events|${container}/(json|logs|stats))`,
    POST: `${version}/${container}/(start|stop|restart|kill|pause|unpause)`,
  };
}

function dockerProxy(fleet: Fleet): Container {
  const access = engineAccess(fleet);
  return {
    image: images[dockerProxyName],
    profiles: ['console'],
    // The socket belongs to root, and to a group whose number is another on each machine. Without capabilities this root
    // is the owner of that one file and no more.
    user: '0:0',
    command: [
      '-listenip=0.0.0.0',
      `-proxyport=${dockerProxyPort}`,
      `-allowfrom=${supervisorName}`,
      `-allowGET=${access.GET}`,
      `-allowPOST=${access.POST}`,
      '-allowhealthcheck',
      '-watchdoginterval=60',
      '-stoponwatchdog',
      '-shutdowngracetime=2',
    ],
    volumes: [
      {
        type: 'bind',
        source: '/var/run/docker.sock',
        target: '/var/run/docker.sock',
        read_only: true,
        bind: { create_host_path: false },
      },
    ],
    networks: [engineNetwork],
    healthcheck: healthcheck(['CMD', './healthcheck']),
    restart: 'unless-stopped',
    ...confined,
    stop_grace_period: '5s',
    mem_limit: '64m',
    cpus: 0.5,
    pids_limit: 64,
  };
}

function supervisor(): Container {
  return {
    ...ours('sandbox'),
    profiles: ['console'],
    command: [...commonFlags, ...secretsFirst, 'sandbox/supervisor/docker/main.ts'],
    environment: {
      ALLOWED_HOSTS: supervisorName,
      COMPOSE_PROJECT: project,
      DOCKER_URL: `http://${dockerProxyName}:${dockerProxyPort}`,
      HOST: '0.0.0.0',
      NODE_COMPILE_CACHE: '/tmp/compile',
      ORRERY_CHAOS: '1',
      ORRERY_HOME: '/var/lib/orrery/home',
      PORT: String(supervisorPort),
      ...Object.fromEntries(supervisorSecrets.map((name) => [`${name}_FILE`, secretFile(name)])),
    },
    ports: [publish(supervisorPort)],
    volumes: [ownSecrets(supervisorName), supervisorHome],
    networks: ['default', engineNetwork],
    tmpfs: [scratch('/tmp')],
    depends_on: { ...secretsWritten, [dockerProxyName]: { condition: 'service_healthy' } },
    healthcheck: healthcheck(['CMD', '/nodejs/bin/node', 'healthcheck.mjs', '/health/live']),
    restart: 'unless-stopped',
    init: true,
    ...confined,
    stop_grace_period: '12s',
    // It runs the load generator as well, as a child.
    mem_limit: '512m',
    cpus: 2,
    pids_limit: 256,
    logging: shippedLogs(supervisorName),
  };
}
