import { startGrpcServer } from '#kit/grpc/server.ts';
import type { Service } from '#kit/service.ts';
import { type MakeQuoteDeps, makeQuote } from './make-quote.ts';

const proto = new URL('../../contracts/grpc/pricing.proto', import.meta.url);
/** Longer than any caller waits: past that the answer is for nobody. */
const deadlineMs = 2_000;

/** Serves `orrery.pricing.v1.Pricing`; resolves with the bound port. */
export function startPricingGrpc(service: Service<{ GRPC_PORT: number }>, deps: MakeQuoteDeps): Promise<number> {
  const quote = (request: unknown) =>
    makeQuote(request, deps, AbortSignal.any([service.signal, AbortSignal.timeout(deadlineMs)]));
  return startGrpcServer(service, {
    proto,
    serviceName: 'orrery.pricing.v1.Pricing',
    handlers: { Quote: quote },
  });
}
