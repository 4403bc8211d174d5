import path from 'node:path';
import type { LogLevel } from './logger.ts';
import type { ListenerSpec } from './net/listener.ts';

export interface Environment {
  host: string;
  dataDir: string;
  listeners: ListenerSpec[];
  healthPort: number | null;
  nodeId: number;
  defaultPartitions: number;
  logLevel: LogLevel;
  /** Extra fields of each log line. */
  labels: Record<string, string>;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment once, at start. `BROKER_LISTENERS` is `listenPort:advertisedHost:advertisedPort,…`: clients
 * that come in through a proxy are told the proxy's address. Throws an Error that names the variable.
 */
export function readEnvironment(env: Variables): Environment {
  const host = env.HOST || '127.0.0.1';
  const main: ListenerSpec = { host, port: port(env, 'PORT', 9092) };
  if (env.ADVERTISED_PORT || env.ADVERTISED_HOST) {
    main.advertised = { host: env.ADVERTISED_HOST || host, port: port(env, 'ADVERTISED_PORT', main.port) };
  }
  return {
    host,
    dataDir: env.DATA_DIR || path.join(env.ORRERY_HOME || '.orrery', 'broker'),
    listeners: [main, ...extraListeners(env.BROKER_LISTENERS ?? '', host)],
    healthPort: env.HEALTH_PORT ? port(env, 'HEALTH_PORT', 0) : null,
    nodeId: whole(env, 'NODE_ID', 0, 0, 1_000_000),
    defaultPartitions: whole(env, 'DEFAULT_PARTITIONS', 6, 1, 1000),
    logLevel: logLevel(env.LOG_LEVEL),
    labels: env.DEPLOYMENT_ENVIRONMENT ? { env: env.DEPLOYMENT_ENVIRONMENT } : {},
  };
}

function extraListeners(text: string, host: string): ListenerSpec[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [, listenPort, advertisedHost, advertisedPort] = /^(\d+):([^:]+):(\d+)$/.exec(part) ?? [];
      if (!advertisedHost || Number(listenPort) > 65_535 || Number(advertisedPort) > 65_535) {
        throw new Error(`BROKER_LISTENERS: "${part}" is not listenPort:advertisedHost:advertisedPort`);
      }
      return { host, port: Number(listenPort), advertised: { host: advertisedHost, port: Number(advertisedPort) } };
    });
}

const port = (env: Variables, name: string, fallback: number) => whole(env, name, fallback, 0, 65_535);

function whole(env: Variables, name: string, fallback: number, min: number, max: number): number {
  const text = env[name];
  if (!text) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`${name}: "${text}" is not a whole number from ${min} to ${max}`);
  }
  return value;
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

function logLevel(text: string | undefined): LogLevel {
  return LEVELS.find((level) => level === text) ?? (text === 'trace' ? 'debug' : 'info');
}
