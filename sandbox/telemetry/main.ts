import { createLog } from '#sandbox/log.ts';
import { serveBackends } from './backends/serve.ts';
import { readEnv } from './env.ts';
import { startTelemetry } from './telemetry.ts';

const log = createLog('telemetry', process.env.LOG_LEVEL ?? 'info', (line) => process.stdout.write(line));

// A reader that is gone (the supervisor died) must not keep us from closing the database.
process.stdout.on('error', () => undefined);

/** Longest time that closing may take: what is not on disk by then was not going to be. */
const closeDeadlineMs = 1500;

async function stop(telemetry: { close(): Promise<void> }, reason: string): Promise<void> {
  log.info('telemetry stops', { reason });
  setTimeout(() => process.exit(1), closeDeadlineMs).unref();
  await telemetry.close();
  process.exit(0);
}

try {
  const env = readEnv(process.env);
  const common = {
    host: env.HOST,
    port: env.PORT,
    allowedHosts: env.ALLOWED_HOSTS,
    dataDir: env.dataDir,
    token: env.TELEMETRY_TOKEN,
    log,
  };
  const { held } = env;
  const telemetry =
    held.backends === null
      ? await startTelemetry({ ...common, otlpKey: held.otlpKey, budgetBytes: env.TELEMETRY_BUDGET_BYTES })
      : await serveBackends({ ...common, urls: held.backends });
  const where = held.backends ?? { dataDir: env.dataDir, budgetBytes: env.TELEMETRY_BUDGET_BYTES };
  log.info('telemetry listens', { url: telemetry.url, ...where });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(telemetry, signal));
  // The supervisor holds the other end of the channel: when it is gone, nobody else would stop us.
  process.once('disconnect', () => void stop(telemetry, 'supervisor is gone'));
} catch (error) {
  log.error('telemetry cannot start', { reason: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
