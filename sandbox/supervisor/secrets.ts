import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { type Home, writeJson } from './home.ts';

/** `secrets.json`, 0600: made once per state directory, so that data and sessions survive a restart. */
export const Secrets = z.object({
  version: z.literal(1),
  controlToken: z.string(),
  telemetryToken: z.string(),
  otlpKey: z.string(),
  quoteSigningKey: z.string(),
  paymentsApiKey: z.string(),
  auditorToken: z.string().default(secret),
  consoleLaunchToken: z.string(),
  agentToken: z.string().default(secret).describe('Opens the control channel of every service'),
  postgresSuperuser: z.string(),
  cachePassword: z.string().default(secret).describe('Login `orrery` of the Valkey in containers'),
  logins: z.record(z.string(), z.string()).describe('Database password by service'),
  clients: z.record(z.string(), z.string()).describe('Client secret by OIDC client id'),
});
export type Secrets = z.infer<typeof Secrets>;

/** OIDC clients that may ask for tokens by client credentials. */
export const oidcClients = ['console', 'cli'] as const;

/** Reads the secrets, or makes them; names that are new since then get theirs. Throws `conflict` when the file is damaged. */
export async function loadSecrets(home: Home, databases: readonly string[]): Promise<Secrets> {
  const text = await readFile(home.secrets, 'utf8').catch(() => null);
  const known = text === null ? freshSecrets() : parse(text, home.secrets);
  const complete: Secrets = {
    ...known,
    logins: withAll(known.logins, databases),
    clients: withAll(known.clients, oidcClients),
  };
  if (text === null || !isDeepStrictEqual(complete, JSON.parse(text))) await writeJson(home.secrets, complete);
  return complete;
}

function parse(text: string, file: string): Secrets {
  try {
    return Secrets.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError(
      'conflict',
      `${file} is damaged, and the databases cannot be opened without it: restore it, or start anew with \`npm run orrery -- reset\``,
      { cause },
    );
  }
}

function freshSecrets(): Secrets {
  return {
    version: 1,
    controlToken: secret(),
    telemetryToken: secret(),
    otlpKey: secret(),
    quoteSigningKey: secret(),
    paymentsApiKey: secret(),
    auditorToken: secret(),
    consoleLaunchToken: secret(),
    agentToken: secret(),
    postgresSuperuser: secret(),
    cachePassword: secret(),
    logins: {},
    clients: {},
  };
}

function withAll(known: Record<string, string>, names: readonly string[]): Record<string, string> {
  const missing = names.filter((name) => known[name] === undefined).map((name) => [name, secret()] as const);
  return { ...known, ...Object.fromEntries(missing) };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
