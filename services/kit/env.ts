import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';

/** What the supervisor hands to every process. */
export const BaseEnv = z.object({
  SERVICE_NAME: z.string().min(1).optional(),
  SERVICE_INSTANCE_ID: z.string().min(1).optional(),
  SERVICE_VERSION: z.string().min(1).default('0.1.0'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  DEPLOYMENT_ENVIRONMENT: z.string().min(1).default('local'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional().describe('OTLP/HTTP base URL; absent means spans are not exported'),
  OTEL_EXPORTER_OTLP_HEADERS: z.string().optional().describe('key=value pairs, comma-separated'),
  NODE_ENV: z.string().optional(),
  AGENT_TOKEN: z.string().min(8).optional().describe('Token of the control channel; absent means there is none'),
  ORRERY_CONTROL_CHANNEL: z
    .string()
    .optional()
    .describe('1 allows the control channel although NODE_ENV is production'),
  ALLOWED_HOSTS: z
    .string()
    .default('')
    .describe('Host names besides loopback that requests may be addressed to, comma-separated'),
  ALLOWED_ORIGINS: z.string().default('').describe('Browser origins that may send requests, comma-separated'),
});
export type BaseEnv = z.infer<typeof BaseEnv>;

/** Base URL of a peer, e.g. `http://127.0.0.1:8102`; without a trailing slash. */
export const url = z.url().transform((value) => value.replace(/\/+$/, ''));
/** `host:port`, e.g. `127.0.0.1:50051`. */
export const hostPort = z.string().regex(/^[^\s:/]+:\d{1,5}$/, 'must be host:port');
/** A secret that must not be empty. */
export const secret = z.string().min(8, 'must have at least 8 characters');
/** TCP port; 0 means any free one. */
export const port = z.coerce.number().int().min(0).max(65_535);

/** Own database and login. */
export const databaseEnv = { DATABASE_URL: z.url() };
/** Valkey that replicas share, with login and password in its URL; without one each keeps to its own memory. */
export const cacheEnv = {
  CACHE_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' })
    .optional()
    .describe('Valkey that all replicas share; without one each process keeps to its own memory'),
};
/** Broker addresses, comma-separated `host:port`. */
export const kafkaEnv = { KAFKA_BROKERS: z.string().regex(/^[^\s:/,]+:\d+(,[^\s:/,]+:\d+)*$/, 'must be host:port,…') };
/** Needed to verify tokens. */
export const identityEnv = {
  IDENTITY_URL: url.describe('Where the JWKS is fetched from'),
  IDENTITY_ISSUER: z.string().min(1).describe('Issuer string in tokens'),
};

/**
 * Parses the environment once, at boot. A variable may also be given as a file: `DATABASE_URL_FILE` names one that
 * holds the value, which is how orchestrators hand out secrets without showing them in the process list. Throws
 * `invalid_argument` that names each variable and what is wrong with it; values are never repeated, because some are
 * secrets.
 */
export function parseEnv<S extends z.ZodRawShape>(
  extension: S,
  environment: Readonly<Record<string, string | undefined>>,
): BaseEnv & z.output<z.ZodObject<S>> {
  const schema = BaseEnv.extend(extension);
  const source = { ...environment, ...valuesFromFiles(Object.keys(schema.shape), environment) };
  const parsed = schema.safeParse(source);
  if (parsed.success) return parsed.data as BaseEnv & z.output<z.ZodObject<S>>;
  const problems = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return `${name}: ${source[name] === undefined ? 'is missing' : issue.message}`;
  });
  throw new AppError('invalid_argument', `environment is not usable: ${problems.join('; ')}`);
}

function valuesFromFiles(
  names: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of names) {
    const file = environment[`${name}_FILE`];
    if (file === undefined) continue;
    if (environment[name] !== undefined) {
      throw new AppError('invalid_argument', `environment is not usable: ${name} and ${name}_FILE are both set`);
    }
    try {
      // Editors and `echo` end a file with a line break, which is no part of a secret.
      values[name] = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    } catch (cause) {
      throw new AppError('invalid_argument', `environment is not usable: ${name}_FILE: ${file} cannot be read`, {
        cause,
      });
    }
  }
  return values;
}
