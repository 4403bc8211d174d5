import type { PaymentMethod } from '#contracts/http/orders.ts';
import type { DeclineCode } from '#contracts/http/payments.ts';

/** What the simulated bank does with a test token. Nothing else ever changes the provider's behaviour. */
export type CardBehaviour = {
  /** null: the card pays. */
  declineCode: DeclineCode | null;
  /** Attempts of one idempotency key that are answered 503 before anything is charged. */
  failFirstAttempts: number;
  /** Time between the decision and the answer, milliseconds, uniformly drawn. The charge is made before the wait. */
  answerDelayMs: { min: number; max: number };
};

const prompt = { min: 5, max: 20 };

const behaviours: Record<PaymentMethod['token'], CardBehaviour> = {
  tok_visa: { declineCode: null, failFirstAttempts: 0, answerDelayMs: prompt },
  tok_declined: { declineCode: 'card_declined', failFirstAttempts: 0, answerDelayMs: prompt },
  tok_insufficient_funds: { declineCode: 'insufficient_funds', failFirstAttempts: 0, answerDelayMs: prompt },
  tok_expired: { declineCode: 'expired_card', failFirstAttempts: 0, answerDelayMs: prompt },
  // The money moves at once and the answer comes late: a caller that gives up and retries meets its own charge.
  tok_slow: { declineCode: null, failFirstAttempts: 0, answerDelayMs: { min: 4000, max: 4000 } },
  tok_flaky: { declineCode: null, failFirstAttempts: 2, answerDelayMs: prompt },
};

export function cardBehaviour(token: PaymentMethod['token']): CardBehaviour {
  return behaviours[token];
}

/** Delay of one answer, milliseconds; `random` is uniform in [0, 1). */
export function answerDelayMs(behaviour: CardBehaviour, random: () => number): number {
  const { min, max } = behaviour.answerDelayMs;
  return Math.round(min + (max - min) * random());
}
