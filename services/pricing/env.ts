import { z } from 'zod';
import { cacheEnv, databaseEnv, port, secret } from '#kit/env.ts';

/** What pricing needs besides the base variables. */
export const env = {
  ...databaseEnv,
  ...cacheEnv,
  GRPC_PORT: port,
  QUOTE_SIGNING_KEY: secret.describe('Shared with orders, which checks every quote that it is given'),
  PRICE_CACHE_TTL_MS: z.coerce.number().int().min(0).max(600_000).default(5_000),
};
