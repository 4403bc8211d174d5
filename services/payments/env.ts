import { databaseEnv, secret } from '#kit/env.ts';

export const paymentsEnv = {
  ...databaseEnv,
  PAYMENTS_API_KEY: secret.describe('The one API key that the provider accepts'),
};
