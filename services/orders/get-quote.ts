import { AppError, isAppError } from '#contracts/errors.ts';
import { Quote } from '#contracts/grpc/quote.ts';
import type { OrderItem } from '#contracts/http/orders.ts';
import type { Clock } from '#kit/clock.ts';
import type { GrpcClient } from '#kit/grpc/client.ts';
import { verifyQuote } from './quote.ts';

export type QuoteRequest = { customerId: string; items: readonly OrderItem[] };

/** A verified quote. Throws `unprocessable` for a basket that pricing refuses and `unavailable` when it does not answer. */
export type GetQuote = (request: QuoteRequest, signal: AbortSignal) => Promise<Quote>;

/** Short: the caller waits for it, and a price is a look-up. */
const timeoutMs = 1_000;

export function createGetQuote(deps: { pricing: GrpcClient; signingKey: string; clock: Clock }): GetQuote {
  return async ({ customerId, items }, signal) => {
    const answer = await deps.pricing
      .call<object>('Quote', { customerId, items }, { timeoutMs, signal })
      .catch((error) => Promise.reject(toOrderError(error)));
    // The answer names no customer; if it was made for another one, the signature will not match.
    const quote = Quote.safeParse({ ...answer, customerId });
    if (!quote.success) throw new AppError('dependency_failed', 'pricing sent no usable quote', { cause: quote.error });
    verifyQuote(quote.data, { customerId, items, now: new Date(deps.clock.now()) }, deps.signingKey);
    return quote.data;
  };
}

/** What a failed quote means to somebody who places an order. */
function toOrderError(error: unknown): unknown {
  if (!isAppError(error)) return error;
  switch (error.code) {
    case 'not_found':
    case 'invalid_argument':
    case 'unprocessable':
      return new AppError('unprocessable', error.message, { cause: error, details: error.details });
    case 'unavailable':
    case 'deadline_exceeded':
    case 'rate_limited':
      return new AppError('unavailable', 'prices cannot be had right now; nothing was ordered, try again', {
        cause: error,
        retryAfterSeconds: 1,
      });
    default:
      return error;
  }
}
