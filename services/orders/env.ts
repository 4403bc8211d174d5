import { z } from 'zod';
import { databaseEnv, hostPort, identityEnv, kafkaEnv, secret, url } from '#kit/env.ts';

/** What orders needs besides the base. */
export const env = {
  ...databaseEnv,
  ...kafkaEnv,
  ...identityEnv,
  PRICING_GRPC: hostPort,
  INFERENCE_URL: url,
  QUOTE_SIGNING_KEY: secret,
  COMPENSATION_RETRY_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(10_000)
    .describe('Pause before a compensation is asked for again; it doubles from there'),
};
