import { databaseEnv, identityEnv, kafkaEnv } from '#kit/env.ts';

/** What workers needs besides the base variables. */
export const env = { ...databaseEnv, ...kafkaEnv, ...identityEnv };
