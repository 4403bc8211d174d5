import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';

const Env = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8109),
  ALLOWED_HOSTS: z.string().default('').describe('Host names besides loopback, comma-separated'),
  ORRERY_HOME: z.string().min(1).describe('State directory; client histories are in <home>/load'),
  AUDITOR_TOKEN: z.string().min(8).describe('Bearer token of this API'),
  DATABASE_URL: z.string().describe('Server and login; the database is chosen per question'),
  KAFKA_BROKERS: z.string().describe('host:port'),
  TELEMETRY_URL: z.string(),
  TELEMETRY_TOKEN: z.string(),
  CONTROL_URL: z.string(),
  CONTROL_TOKEN: z.string(),
  LOG_LEVEL: z.string().default('info'),
  AUDIT_GRACE_MS: z.coerce.number().int().min(0).default(4_000).describe('Quiet time before an ended order is judged'),
  AUDIT_MAX_ORDERS: z.coerce.number().int().min(100).default(20_000).describe('Orders whose messages stay in memory'),
});
export type Env = z.infer<typeof Env>;

/** The environment, parsed once. Throws invalid_argument naming the variables that are wrong. */
export function readEnv(env: NodeJS.ProcessEnv): Env {
  const parsed = Env.safeParse(env);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new AppError('invalid_argument', `environment: ${wrong.join('; ')}`);
}
