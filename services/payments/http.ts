import {
  createCharge as chargeRoute,
  listCharges as listRoute,
  createRefund as refundRoute,
} from '#contracts/http/payments.ts';
import type { HttpServer } from '#kit/http/server.ts';
import { assertApiKey } from './api-key.ts';
import { createCharge, type ProviderDeps } from './create-charge.ts';
import { createRefund } from './create-refund.ts';
import { listCharges } from './store.ts';

/** Says on every answer what this is: the one simulated part of the sandbox. */
const disclosure = 'payments; no money moves here';

export function serveHttp(server: HttpServer, deps: ProviderDeps & { apiKey: string }): void {
  server.app.addHook('onRequest', async (request, reply) => {
    reply.header('x-simulated', disclosure);
    if (request.url.startsWith('/v1/')) assertApiKey(request.headers.authorization, deps.apiKey);
  });
  server.app.get('/', async () => ({
    service: 'payments',
    simulated: true,
    description:
      'A simulated payment provider with its own ledger. Test tokens alone decide what happens: tok_visa pays, tok_declined, tok_insufficient_funds and tok_expired are declined, tok_slow pays at once and answers after 4 s, tok_flaky fails with 503 twice per idempotency key.',
  }));
  server.route(chargeRoute, async ({ body, headers, signal }) => ({
    status: 200,
    body: await createCharge(body, headers['idempotency-key'], deps, signal),
  }));
  server.route(refundRoute, async ({ body, headers }) => ({
    status: 200,
    body: await createRefund(body, headers['idempotency-key'], deps),
  }));
  server.route(listRoute, async ({ query }) => ({
    status: 200,
    body: { charges: await listCharges(deps.database, query.reference ?? null, query.limit) },
  }));
}
