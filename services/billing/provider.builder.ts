import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Charge, ChargeCreate, Refund } from '#contracts/http/payments.ts';
import { newId } from '#kit/ids.ts';

export type TestProvider = {
  baseUrl: string;
  /** Charges made, by idempotency key: what the provider's own ledger would show. */
  charges: Map<string, Charge>;
  /** Refunds made, by idempotency key. */
  refunds: Map<string, Refund>;
  /** Requests that arrived. */
  requests: () => number;
  /**
   * `loses-answers`: charges, and breaks the connection instead of answering. `silent`: charges and never answers.
   * `down`: 503 before anything happens. `refuses`: 401.
   */
  mode: 'answers' | 'loses-answers' | 'silent' | 'down' | 'refuses';
  stop: () => Promise<void>;
};

type RefundBody = Pick<Refund, 'chargeId' | 'amount'>;

/** A payment provider that keeps its promise about idempotency keys and can fail in every way that leaves us in doubt. */
export async function startProvider(): Promise<TestProvider> {
  let requests = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      requests += 1;
      const key = String(request.headers['idempotency-key']);
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      const refunding = request.url === '/v1/refunds';
      answer(response, () => (refunding ? refund(key, body as RefundBody) : charge(key, body as ChargeCreate)));
    });
  });

  function charge(key: string, body: ChargeCreate): Charge {
    const made = provider.charges.get(key) ?? decide(body);
    provider.charges.set(key, made);
    return made;
  }

  function refund(key: string, { chargeId, amount }: RefundBody): Refund {
    const made = provider.refunds.get(key) ?? {
      id: `re_${newId()}`,
      chargeId,
      amount,
      createdAt: new Date().toISOString(),
    };
    provider.refunds.set(key, made);
    return made;
  }

  function answer(response: ServerResponse, act: () => Charge | Refund): void {
    if (provider.mode === 'down') return void response.writeHead(503).end();
    if (provider.mode === 'refuses') return void response.writeHead(401).end();
    const made = act();
    if (provider.mode === 'loses-answers') return void response.destroy();
    if (provider.mode === 'silent') return;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(made));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider: TestProvider = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    charges: new Map(),
    refunds: new Map(),
    requests: () => requests,
    mode: 'answers',
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}

function decide({ amount, payment, reference }: ChargeCreate): Charge {
  const declined = payment.token === 'tok_declined';
  return {
    id: `ch_${newId()}`,
    status: declined ? 'declined' : 'succeeded',
    declineCode: declined ? 'card_declined' : null,
    amount,
    refunded: { amountMinor: 0, currency: amount.currency },
    reference,
    createdAt: new Date().toISOString(),
  };
}
