import { setInterval } from 'node:timers/promises';
import { createVerifier } from '#kit/auth.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { openDatabase } from '#kit/postgres/database.ts';
import { runService } from '#kit/service.ts';
import { withoutTracing } from '#kit/telemetry/spans.ts';
import { identityServiceEnv } from './env.ts';
import { serveHttp } from './http.ts';
import { type KeyRing, openKeyRing } from './key-ring.ts';
import { createProvider, tokenLifetimeSeconds } from './provider.ts';
import { deleteExpired, loadCookieSecret, oidcAdapter } from './store.ts';

const housekeepingMs = 10 * 60_000;

await runService({
  name: 'identity',
  env: identityServiceEnv,
  async start(service) {
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
    const server = createHttpServer(service, { auth, bodyLimitBytes: 16_384 });
    serveHttp(server, { keyRing, log });
    await server.listen();
    void housekeeping(keyRing);

    /** Drops expired records and rotates a signing key that has served its time. */
    async function housekeeping(ring: KeyRing): Promise<void> {
      try {
        for await (const _ of setInterval(housekeepingMs, undefined, { signal: service.signal, ref: false })) {
          await withoutTracing(() => tidy(ring)).catch((error) => log.warn({ error }, 'housekeeping failed'));
        }
      } catch (error) {
        if (!service.signal.aborted) throw error;
      }
    }

    async function tidy(ring: KeyRing): Promise<void> {
      const deleted = await deleteExpired(database);
      if (deleted > 0) log.debug({ deleted }, 'expired records deleted');
      const [active] = ring.keys();
      if (active === undefined || Date.now() - active.createdAt.getTime() < env.KEY_ROTATION_HOURS * 3_600_000) return;
      const keys = await ring.rotate();
      log.info({ kid: keys[0]?.kid }, 'signing key rotated');
    }
  },
});
