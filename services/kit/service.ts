import { hostname } from 'node:os';
import type { z } from 'zod';
import { createFailpoints, type Failpoints } from './control/failpoints.ts';
import { createParkedKeys, type ParkedKeys } from './control/parked-keys.ts';
import { createPatterns, type Patterns } from './control/patterns.ts';
import { type BaseEnv, parseEnv } from './env.ts';
import { createFaultAgent, type FaultAgent } from './faults/agent.ts';
import { offerProcessFaults } from './faults/process.ts';
import { createHealth, type Health } from './health.ts';
import { createLogger, type Logger, written } from './logger.ts';
import { createShutdownStack, type ShutdownStack } from './shutdown.ts';
import { startTelemetry, type Telemetry } from './telemetry/sdk.ts';
import { createSelfCheck, type SelfCheck } from './telemetry/self-check.ts';

/** What a running process shares with all its parts. `Env` is what it needs besides the base. */
export type Service<Env = object> = {
  name: string;
  instance: string;
  env: BaseEnv & Env;
  log: Logger;
  health: Health;
  shutdown: ShutdownStack;
  selfCheck: SelfCheck;
  telemetry: Telemetry;
  /** Reliability patterns of this process: figures and teaching switches. */
  patterns: Patterns;
  failpoints: Failpoints;
  /** What can be done to this process on purpose. */
  faults: FaultAgent;
  /** What its consumers could not handle. */
  parked: ParkedKeys;
  /** Aborted when the process begins to stop. Loops and waits listen to it. */
  signal: AbortSignal;
};

export type ServiceDefinition<S extends z.ZodRawShape> = {
  name: string;
  /** zod schemas of the variables it needs besides the base, e.g. `{ ...databaseEnv, INVENTORY_URL: url }`. */
  env: S;
  /** Composes the process: opens what it needs, in order; each part registers its own shutdown step. */
  start: (service: Service<z.output<z.ZodObject<S>>>) => Promise<void>;
};

/** All shutdown steps together; after that the process exits the hard way. */
const shutdownDeadlineMs = 8_000;

/**
 * Runs a process from boot to exit: environment, logger, telemetry, composition, self-check, signals. SIGTERM,
 * SIGINT and the loss of the supervisor's IPC channel drain it (readiness false, stop accepting, finish what is in
 * flight, leave the group, close pools, flush spans) and exit 0; an unhandled error is logged as fatal and exits 1.
 */
export async function runService<S extends z.ZodRawShape>(definition: ServiceDefinition<S>): Promise<void> {
  const env = readEnv(definition);
  const name = env.SERVICE_NAME ?? definition.name;
  const instance = env.SERVICE_INSTANCE_ID ?? `${name}-${hostname()}-${process.pid}`;
  const identity = { service: name, version: env.SERVICE_VERSION, instance };
  const log = createLogger({ ...identity, env: env.DEPLOYMENT_ENVIRONMENT, level: env.LOG_LEVEL });
  const telemetry = startTelemetry({
    ...identity,
    environment: env.DEPLOYMENT_ENVIRONMENT,
    endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    headers: env.OTEL_EXPORTER_OTLP_HEADERS,
    env: process.env,
  });
  const stopping = new AbortController();
  const health = createHealth();
  const shutdown = createShutdownStack(log);
  const selfCheck = createSelfCheck({ ledger: telemetry.ledger, log });
  const service = {
    name,
    instance,
    env,
    log,
    health,
    shutdown,
    selfCheck,
    telemetry,
    patterns: createPatterns({ log }),
    failpoints: createFailpoints({ log }),
    faults: createFaultAgent({ log }),
    parked: createParkedKeys({ log }),
    signal: stopping.signal,
  };
  shutdown.add('telemetry', () => telemetry.close());
  offerProcessFaults(service.faults);

  const exit = (code: number) => void written().then(() => process.exit(code));
  const stop = async (reason: string, code: number) => {
    if (stopping.signal.aborted) return;
    const startedAt = performance.now();
    log.info({ reason }, 'stopping');
    health.drain();
    setTimeout(() => {
      log.error({ deadlineMs: shutdownDeadlineMs }, 'shutdown took too long, exiting anyway');
      exit(code === 0 ? 0 : 1);
    }, shutdownDeadlineMs).unref();
    stopping.abort(new Error(`stopping: ${reason}`));
    await shutdown.run();
    log.info({ durationMs: Math.round(performance.now() - startedAt) }, 'stopped');
    exit(code);
  };
  const crash = (error: unknown, kind: string) => {
    log.fatal({ error, kind }, 'unhandled error');
    exit(1);
  };

  process.on('SIGTERM', () => void stop('SIGTERM', 0));
  process.on('SIGINT', () => void stop('SIGINT', 0));
  process.on('disconnect', () => void stop('supervisor is gone', 0));
  process.on('uncaughtException', (error) => crash(error, 'uncaughtException'));
  process.on('unhandledRejection', (error) => crash(error, 'unhandledRejection'));

  try {
    await definition.start(service);
  } catch (error) {
    if (stopping.signal.aborted) return;
    log.fatal({ error }, 'start failed');
    await stop('start failed', 1);
    return;
  }
  health.started();
  log.info({ pid: process.pid, bootMs: Math.round(process.uptime() * 1000) }, 'started');
  void selfCheck.run(stopping.signal);
}

function readEnv<S extends z.ZodRawShape>(definition: ServiceDefinition<S>) {
  try {
    return parseEnv(definition.env, process.env);
  } catch (error) {
    // No logger exists yet, since its level and names come from the environment.
    process.stderr.write(`${definition.name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
