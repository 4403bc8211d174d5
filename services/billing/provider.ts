import { AppError, isAppError } from '#contracts/errors.ts';
import { type Charge, type ChargeCreate, createCharge, createRefund, type Refund } from '#contracts/http/payments.ts';
import type { Money } from '#contracts/money.ts';
import { createHttpClient } from '#kit/http-client.ts';
import type { Guard } from '#kit/resilience/guard.ts';

export type PaymentProvider = {
  /**
   * Charges once per key, however often it is called. A declined card is an answer. Throws a retryable AppError while
   * the provider does not answer properly, `internal` when it says that our request is wrong.
   */
  charge(request: ChargeCreate, key: string, signal: AbortSignal): Promise<Charge>;
  /** Refunds once per key, however often it is called. Throws like `charge`. */
  refund(
    request: { chargeId: string; amount: Money; orderId: string },
    key: string,
    signal: AbortSignal,
  ): Promise<Refund>;
};

/** One attempt; the client tries again with the same key and full jitter, and after that the consumer does. */
const callTimeoutMs = 2_000;

export function createPaymentProvider(options: { baseUrl: string; apiKey: string; guard?: Guard }): PaymentProvider {
  const { baseUrl, guard } = options;
  const client = createHttpClient({ peer: 'payments', baseUrl, guard, timeoutMs: callTimeoutMs });
  return {
    async charge(request, key, signal) {
      try {
        const { body } = await client.call(createCharge, {
          body: request,
          headers: { 'idempotency-key': key },
          token: options.apiKey,
          signal,
        });
        return body;
      } catch (error) {
        throw toBillingError(error, 'charge', request.reference);
      }
    },
    async refund({ chargeId, amount, orderId }, key, signal) {
      try {
        const { body } = await client.call(createRefund, {
          body: { chargeId, amount },
          headers: { 'idempotency-key': key },
          token: options.apiKey,
          signal,
        });
        return body;
      } catch (error) {
        throw toBillingError(error, 'refund', orderId);
      }
    },
  };
}

/**
 * The provider's answers in our terms. A wrong API key or a strange status is trouble with the provider, which a
 * person can mend: the order waits. Only a request that it calls wrong cannot be helped by waiting.
 */
function toBillingError(error: unknown, what: 'charge' | 'refund', orderId: string): unknown {
  if (!isAppError(error) || error.retryable || error.code === 'cancelled') return error;
  if (error.code === 'unprocessable' || error.code === 'invalid_argument') {
    return new AppError('internal', `the provider refuses the ${what} of order ${orderId}: ${error.message}`, {
      cause: error,
    });
  }
  return new AppError('dependency_failed', `the provider does not accept ${what}s: ${error.message}`, { cause: error });
}
