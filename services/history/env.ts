import { databaseEnv, identityEnv, kafkaEnv } from '#kit/env.ts';

/** What history needs besides the base. */
export const env = { ...databaseEnv, ...kafkaEnv, ...identityEnv };
