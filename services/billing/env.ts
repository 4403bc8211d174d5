import { databaseEnv, identityEnv, kafkaEnv, secret, url } from '#kit/env.ts';

export const billingEnv = {
  ...databaseEnv,
  ...kafkaEnv,
  ...identityEnv,
  PAYMENTS_URL: url.describe('Payment provider'),
  PAYMENTS_API_KEY: secret.describe('Our key at the payment provider'),
};
