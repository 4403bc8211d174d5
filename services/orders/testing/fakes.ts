import { createHmac } from 'node:crypto';
import { AppError } from '#contracts/errors.ts';
import { canonicalQuote, type UnsignedQuote } from '#contracts/grpc/quote.ts';
import { type FraudScore, scoreFraud } from '#contracts/http/fraud.ts';
import type { OrderItem } from '#contracts/http/orders.ts';
import type { Role } from '#contracts/http/route.ts';
import type { Authenticator } from '#kit/auth.ts';
import { startGrpcServer } from '#kit/grpc/server.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { newId } from '#kit/ids.ts';
import { testService } from '#kit/testing/service.ts';

export const signingKey = 'a-signing-key-for-tests';

/** A bearer token says here who it is: `shopper:<id>`. */
export const testAuth: Authenticator = {
  async verify(authorization) {
    const [role, subject] = authorization?.replace('Bearer ', '').split(':') ?? [];
    if (role === undefined || subject === undefined) throw new AppError('unauthenticated', 'no token');
    return { subject, roles: [role as Role], scopes: [], clientId: 'test', token: '' };
  },
};

export type FakePricing = {
  port: number;
  /** Signs quotes; change it to forge them. */
  key: string;
  /** Answers wait for this. */
  gate: Promise<void>;
  calls: number;
  stop: () => Promise<void>;
};

/** Speaks pricing's protocol: each piece costs 19.99, SKUs that begin with GHOST do not exist. */
export async function startPricing(): Promise<FakePricing> {
  const { service, stop } = testService({ PORT: 0, GRPC_PORT: 0 }, { name: 'pricing' });
  const fake: FakePricing = { port: 0, key: signingKey, gate: Promise.resolve(), calls: 0, stop };
  fake.port = await startGrpcServer(service, {
    proto: new URL('../../../contracts/grpc/pricing.proto', import.meta.url),
    serviceName: 'orrery.pricing.v1.Pricing',
    handlers: {
      async Quote({ customerId, items }: { customerId: string; items: OrderItem[] }) {
        fake.calls += 1;
        await fake.gate;
        const ghost = items.find(({ sku }) => sku.startsWith('GHOST'));
        if (ghost) throw new AppError('not_found', `unknown SKU ${ghost.sku}`);
        const quote = quoteOf(customerId, items);
        return {
          ...quote,
          signature: createHmac('sha256', fake.key).update(canonicalQuote(quote)).digest('base64url'),
        };
      },
    },
  });
  return fake;
}

function quoteOf(customerId: string, items: OrderItem[]): UnsignedQuote {
  const lines = items.map(({ sku, qty }) => {
    return { sku, qty, name: `Product ${sku}`, unitMinor: 1999, lineMinor: 1999 * qty, priceVersion: 1 };
  });
  return {
    quoteId: newId(),
    customerId,
    lines,
    totalMinor: lines.reduce((sum, line) => sum + line.lineMinor, 0),
    currency: 'EUR',
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
  };
}

export type FakeInference = { url: string; score: FraudScore | null; stop: () => Promise<void> };

/** Answers every fraud question with `score`; with null it refuses. */
export async function startInference(): Promise<FakeInference> {
  const { service, stop } = testService({ PORT: 0 }, { name: 'inference' });
  const fake: FakeInference = {
    url: '',
    score: { score: 0.1, decision: 'accept', model: 'lexical', reasons: [] },
    stop,
  };
  const http = createHttpServer(service);
  http.route(scoreFraud, async () => {
    if (fake.score === null) throw new AppError('unavailable', 'the model is being loaded');
    return { status: 200, body: fake.score };
  });
  fake.url = `http://127.0.0.1:${await http.listen()}`;
  return fake;
}
