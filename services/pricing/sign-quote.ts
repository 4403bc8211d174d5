import { createHmac } from 'node:crypto';
import { canonicalQuote, type Quote, type UnsignedQuote } from '#contracts/grpc/quote.ts';

/** Signs a quote: HMAC-SHA256 (RFC 2104) over its canonical form, base64url without padding. */
export function signQuote(quote: UnsignedQuote, signingKey: string): Quote {
  return { ...quote, signature: createHmac('sha256', signingKey).update(canonicalQuote(quote)).digest('base64url') };
}
