import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';

const Env = z.object({
  HOST: z.string().default('127.0.0.1'),
  ALLOWED_HOSTS: z.string().default('').describe('Host names besides loopback, comma-separated'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4318),
  DATA_DIR: z.string().optional().describe('Folder of the database; default <ORRERY_HOME>/telemetry'),
  ORRERY_HOME: z.string().optional(),
  OTLP_KEY: z.string().min(8).optional().describe('What senders put into x-orrery-otlp-key; for our own store'),
  TEMPO_URL: z.url().optional(),
  LOKI_URL: z.url().optional(),
  PROMETHEUS_URL: z.url().optional(),
  TELEMETRY_TOKEN: z.string().min(8).describe('Bearer token of the query API'),
  TELEMETRY_BUDGET_BYTES: z.coerce
    .number()
    .int()
    .min(16 * 1024 * 1024)
    .default(512 * 1024 * 1024),
  LOG_LEVEL: z.string().default('info'),
});

/** Where the telemetry is: in our own store, or in Tempo, Loki and Prometheus. */
type Held = { backends: null; otlpKey: string } | { backends: { tempo: string; loki: string; prometheus: string } };

/** The environment, parsed once. Throws invalid_argument naming the variables that are wrong. */
export function readEnv(env: NodeJS.ProcessEnv) {
  const parsed = Env.safeParse(env);
  if (!parsed.success) throw wrong(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  const { DATA_DIR, ORRERY_HOME } = parsed.data;
  if (DATA_DIR === undefined && ORRERY_HOME === undefined) throw wrong(['DATA_DIR: DATA_DIR or ORRERY_HOME is needed']);
  return { ...parsed.data, dataDir: DATA_DIR ?? join(ORRERY_HOME ?? '', 'telemetry'), held: heldBy(parsed.data) };
}

function heldBy({ TEMPO_URL, LOKI_URL, PROMETHEUS_URL, OTLP_KEY }: z.output<typeof Env>): Held {
  const urls = { TEMPO_URL, LOKI_URL, PROMETHEUS_URL };
  const missing = Object.entries(urls).filter(([, url]) => url === undefined);
  if (TEMPO_URL !== undefined && LOKI_URL !== undefined && PROMETHEUS_URL !== undefined)
    return { backends: { tempo: TEMPO_URL, loki: LOKI_URL, prometheus: PROMETHEUS_URL } };
  if (missing.length < 3) throw wrong(missing.map(([name]) => `${name}: goes with the other two`));
  if (OTLP_KEY === undefined) throw wrong(['OTLP_KEY: is needed, or TEMPO_URL, LOKI_URL and PROMETHEUS_URL']);
  return { backends: null, otlpKey: OTLP_KEY };
}

function wrong(problems: readonly string[]): AppError {
  return new AppError('invalid_argument', `environment: ${problems.join('; ')}`);
}
