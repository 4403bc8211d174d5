import type { Quote } from '#contracts/grpc/quote.ts';
import { type PriceList, parseBasket, priceBasket } from './basket.ts';
import { signQuote } from './sign-quote.ts';

/** A quote binds for ten minutes: longer than any checkout, shorter than any price change should have to wait. */
export const quoteLifetimeMs = 10 * 60_000;

export type MakeQuoteDeps = {
  priceList: (signal: AbortSignal) => Promise<PriceList>;
  /** Epoch milliseconds. */
  now: () => number;
  newId: () => string;
  signingKey: string;
};

/**
 * Prices and signs a basket. Keeps nothing: the signature is the proof, so asking twice costs two ids and no state.
 * Throws what `parseBasket` and `priceBasket` throw, and `unavailable` while there is no price list.
 */
export async function makeQuote(input: unknown, deps: MakeQuoteDeps, signal: AbortSignal): Promise<Quote> {
  const basket = parseBasket(input);
  const { lines, totalMinor, currency } = priceBasket(basket, await deps.priceList(signal));
  const expiresAt = new Date(deps.now() + quoteLifetimeMs).toISOString();
  return signQuote(
    { quoteId: deps.newId(), customerId: basket.customerId, lines, totalMinor, currency, expiresAt },
    deps.signingKey,
  );
}
