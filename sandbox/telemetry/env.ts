import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';

const Env = z
  .object({
    HOST: z.string().default('127.0.0.1'),
    ALLOWED_HOSTS: z.string().default('').describe('Host names besides loopback, comma-separated'),
    PORT: z.coerce.number().int().min(0).max(65_535).default(4318),
    DATA_DIR: z.string().optional().describe('Folder of the database; default <ORRERY_HOME>/telemetry'),
    ORRERY_HOME: z.string().optional(),
    OTLP_KEY: z.string().min(8).describe('What senders put into x-orrery-otlp-key'),
    TELEMETRY_TOKEN: z.string().min(8).describe('Bearer token of the query API'),
    TELEMETRY_BUDGET_BYTES: z.coerce
      .number()
      .int()
      .min(16 * 1024 * 1024)
      .default(512 * 1024 * 1024),
    LOG_LEVEL: z.string().default('info'),
  })
  .refine((env) => env.DATA_DIR !== undefined || env.ORRERY_HOME !== undefined, {
    path: ['DATA_DIR'],
    message: 'DATA_DIR or ORRERY_HOME is needed',
  });

/** The environment, parsed once. Throws invalid_argument naming the variables that are wrong. */
export function readEnv(env: NodeJS.ProcessEnv) {
  const parsed = Env.safeParse(env);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new AppError('invalid_argument', `environment: ${wrong.join('; ')}`);
  }
  const { DATA_DIR, ORRERY_HOME } = parsed.data;
  return { ...parsed.data, dataDir: DATA_DIR ?? join(ORRERY_HOME ?? '', 'telemetry') };
}
