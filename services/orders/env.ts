import { databaseEnv, hostPort, identityEnv, kafkaEnv, secret, url } from '#kit/env.ts';

/** What orders needs besides the base. */
export const env = {
  ...databaseEnv,
  ...kafkaEnv,
  ...identityEnv,
  PRICING_GRPC: hostPort,
  INFERENCE_URL: url,
  QUOTE_SIGNING_KEY: secret,
};
