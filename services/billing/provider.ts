import { AppError, isAppError } from '#contracts/errors.ts';
import { type Charge, type ChargeCreate, createCharge } from '#contracts/http/payments.ts';
import { createHttpClient } from '#kit/http-client.ts';

export type PaymentProvider = {
  /**
   * Charges once per key, however often it is called. A declined card is an answer. Throws a retryable AppError while
   * the provider does not answer properly, `internal` when it says that our request is wrong.
   */
  charge(request: ChargeCreate, key: string, signal: AbortSignal): Promise<Charge>;
};

/** One attempt; the client tries again with the same key and full jitter, and after that the consumer does. */
const chargeTimeoutMs = 2_000;

export function createPaymentProvider(options: { baseUrl: string; apiKey: string }): PaymentProvider {
  const client = createHttpClient({ peer: 'payments', baseUrl: options.baseUrl, timeoutMs: chargeTimeoutMs });
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
        throw toBillingError(error, request.reference);
      }
    },
  };
}

/**
 * The provider's answers in our terms. A wrong API key or a strange status is trouble with the provider, which a
 * person can mend: the order waits. Only a request that it calls wrong cannot be helped by waiting.
 */
function toBillingError(error: unknown, orderId: string): unknown {
  if (!isAppError(error) || error.retryable || error.code === 'cancelled') return error;
  if (error.code === 'unprocessable' || error.code === 'invalid_argument') {
    return new AppError('internal', `the provider refuses the charge of order ${orderId}: ${error.message}`, {
      cause: error,
    });
  }
  return new AppError('dependency_failed', `the provider does not accept charges: ${error.message}`, { cause: error });
}
