import { setInterval } from 'node:timers/promises';
import type { z } from 'zod';
import { createVerifier } from '#kit/auth.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { openDatabase } from '#kit/postgres/database.ts';
import type { Service } from '#kit/service.ts';
import { withoutTracing } from '#kit/telemetry/spans.ts';
import type { identityServiceEnv } from './env.ts';
import { tidy } from './housekeeping.ts';
import { serveHttp } from './http.ts';
import { openKeyRing } from './key-ring.ts';
import { createProvider, tokenLifetimeSeconds } from './provider.ts';
import { loadCookieSecret, oidcAdapter } from './store.ts';

export type IdentityService = Service<z.output<z.ZodObject<typeof identityServiceEnv>>>;

const housekeepingMs = 10 * 60_000;

/** Composes identity: database, keys, provider, HTTP, housekeeping. */
export async function startIdentity(service: IdentityService): Promise<void> {
  const { env, log } = service;
  const database = await openDatabase(service, { migrations: new URL('./migrations/', import.meta.url), max: 4 });
  const now = () => new Date();
  const cookieSecret = await loadCookieSecret(database, now());
  const keyRing = await openKeyRing({
    database,
    now,
    overlapMs: 2 * tokenLifetimeSeconds * 1000,
    makeProvider: (keys) =>
      createProvider({
        issuer: env.IDENTITY_ISSUER,
        keys,
        cookieSecret,
        adapter: (model) => oidcAdapter(database, model),
        machineClients: env.IDENTITY_CLIENTS,
        log,
      }),
  });
  const auth = createVerifier({ issuer: env.IDENTITY_ISSUER, keys: keyRing.verificationKeys });
  const http = createHttpServer(service, { auth, bodyLimitBytes: 16_384 });
  serveHttp(http, { keyRing, log });
  await http.listen();
  void every(housekeepingMs, service.signal, () =>
    withoutTracing(() => tidy({ database, keyRing, log, rotateAfterMs: env.KEY_ROTATION_HOURS * 3_600_000 })).catch(
      (error) => log.warn({ error }, 'housekeeping failed'),
    ),
  );
}

/** Runs `work` again and again until the signal is aborted; does not keep the process alive. */
async function every(periodMs: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  try {
    for await (const _ of setInterval(periodMs, undefined, { signal, ref: false })) await work();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
