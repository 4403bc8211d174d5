import { createFailpoints } from '../control/failpoints.ts';
import { createParkedKeys } from '../control/parked-keys.ts';
import { createPatterns } from '../control/patterns.ts';
import { createFaultAgent } from '../faults/agent.ts';
import { createHealth } from '../health.ts';
import { createLogger } from '../logger.ts';
import type { Service } from '../service.ts';
import { createShutdownStack } from '../shutdown.ts';
import { createSpanLedger } from '../telemetry/processors.ts';
import { createSelfCheck } from '../telemetry/self-check.ts';

/** A `Service` without a process around it, for tests of parts. `stop()` does what SIGTERM would. */
export function testService<Env extends object>(
  env: Env,
  options: { name?: string; logLines?: (line: string) => void } = {},
): { service: Service<Env>; stop: () => Promise<void> } {
  const name = options.name ?? 'test';
  const instance = `${name}-test`;
  const log = createLogger({
    service: name,
    version: '0.0.0',
    instance,
    env: 'test',
    level: 'debug',
    stream: { write: (line) => options.logLines?.(line) },
  });
  const stopping = new AbortController();
  const noExport = { onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} };
  const ledger = createSpanLedger(noExport);
  const shutdown = createShutdownStack(log);
  const health = createHealth();
  health.started();
  const service: Service<Env> = {
    name,
    instance,
    env: {
      SERVICE_VERSION: '0.0.0',
      HOST: '127.0.0.1',
      PORT: 0,
      LOG_LEVEL: 'debug',
      DEPLOYMENT_ENVIRONMENT: 'test',
      ALLOWED_HOSTS: '',
      ALLOWED_ORIGINS: '',
      ...env,
    },
    log,
    health,
    shutdown,
    selfCheck: createSelfCheck({ ledger, log }),
    telemetry: { ledger, flush: async () => {}, close: async () => {} },
    patterns: createPatterns({ log }),
    failpoints: createFailpoints({ log }),
    faults: createFaultAgent({ log }),
    parked: createParkedKeys({ log }),
    signal: stopping.signal,
  };
  return {
    service,
    stop: async () => {
      stopping.abort(new Error('stopping: test'));
      health.drain();
      await shutdown.run();
    },
  };
}
