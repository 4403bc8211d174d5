import type { FraudRequest, FraudScore } from '#contracts/http/fraud.ts';

/** From this total on (25 000.00 in any currency) an order is not let through without a model's opinion. */
export const rejectFromMinor = 2_500_000;

/**
 * What decides while inference does not answer: selling goes on, except for totals that would hurt.
 * The score grows linearly with the total, so that the read side can still sort by suspicion.
 */
export function scoreByRule(request: FraudRequest): FraudScore {
  const { amountMinor } = request.total;
  const reject = amountMinor >= rejectFromMinor;
  return {
    score: Math.min(1, amountMinor / rejectFromMinor / 2 + (reject ? 0.5 : 0)),
    decision: reject ? 'reject' : 'accept',
    model: 'rule',
    reasons: reject ? ['total_too_high_without_model'] : ['model_unavailable'],
  };
}
