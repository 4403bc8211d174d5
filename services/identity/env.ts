import { z } from 'zod';
import { MachineClient } from '#contracts/http/identity.ts';
import { databaseEnv } from '#kit/env.ts';

export const identityServiceEnv = {
  ...databaseEnv,
  IDENTITY_ISSUER: z.url().describe('Issuer of every token, and the address people sign in at'),
  IDENTITY_CLIENTS: z
    .string()
    .transform(parseJson)
    .pipe(z.array(MachineClient))
    .describe('Machine clients as a JSON list of { id, secret }'),
  KEY_ROTATION_HOURS: z.coerce.number().positive().default(24),
};

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('must be JSON');
    return z.NEVER;
  }
}
