import { systemClock } from '#kit/clock.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { newId } from '#kit/ids.ts';
import { openDatabase } from '#kit/postgres/database.ts';
import { runService } from '#kit/service.ts';
import { paymentsEnv } from './env.ts';
import { serveHttp } from './http.ts';

await runService({
  name: 'payments',
  env: paymentsEnv,
  async start(service) {
    const database = await openDatabase(service, { migrations: new URL('./migrations/', import.meta.url) });
    const { faults } = service;
    faults.offer('decline');
    const server = createHttpServer(service, { bodyLimitBytes: 16_384 });
    serveHttp(server, {
      database,
      log: service.log,
      now: () => new Date(systemClock.now()),
      random: Math.random,
      asSeenByBank: ({ payment, amount }) =>
        faults.strike('decline', '', { fits: ({ leastMinor }) => amount.amountMinor >= leastMinor })?.fault.token ??
        payment.token,
      newId,
      apiKey: service.env.PAYMENTS_API_KEY,
    });
    await server.listen();
  },
});
