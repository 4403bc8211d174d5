import type { FraudRequest, FraudScore } from '#contracts/http/fraud.ts';

/** Changes with any weight or threshold, so that a stored score can be explained later. */
export const fraudModel = 'orrery-fraud-features-v1';

/** From this score on an order is refused. */
export const rejectFrom = 0.8;

/** What the rules look at. */
export type FraudFeatures = {
  totalMinor: number;
  largestLineQty: number;
  lineCount: number;
  /** Orders of the same customer within the last ten minutes, this one not counted. */
  recentOrders: number;
};

type Rule = {
  /** Part of the score that this feature can bring at most. */
  weight: number;
  /** 0 unsuspicious to 1 as suspicious as can be. */
  strength: (features: FraudFeatures) => number;
  reason: (features: FraudFeatures) => string;
};

/** Only the amount can reject on its own, from about 12 000 on: the other features make a large basket more suspicious. */
const rules: readonly Rule[] = [
  {
    weight: 0.9,
    strength: (f) => logRamp(f.totalMinor, 2_000_00, 15_000_00),
    reason: (f) => `the total of ${(f.totalMinor / 100).toFixed(2)} is far above a usual basket`,
  },
  {
    weight: 0.35,
    strength: (f) => logRamp(f.largestLineQty, 50, 1000),
    reason: (f) => `${f.largestLineQty} pieces of one product`,
  },
  {
    weight: 0.15,
    strength: (f) => logRamp(f.lineCount, 20, 50),
    reason: (f) => `${f.lineCount} different products at once`,
  },
  {
    weight: 0.2,
    strength: (f) => logRamp(f.recentOrders, 60, 600),
    reason: (f) => `${f.recentOrders} orders of this customer within ten minutes`,
  },
];

export function featuresOf(order: FraudRequest, recentOrders: number): FraudFeatures {
  return {
    totalMinor: order.total.amountMinor,
    largestLineQty: Math.max(...order.items.map((item) => item.qty)),
    lineCount: order.items.length,
    recentOrders,
  };
}

/**
 * Scores an order by a noisy-or over explainable features: 1 − Π (1 − weight × strength). Deterministic, never lower
 * for a higher feature, and every feature that counted is named in `reasons`.
 */
export function scoreFeatures(features: FraudFeatures): FraudScore {
  const suspicions = rules.map((rule) => ({ rule, suspicion: rule.weight * rule.strength(features) }));
  const innocence = suspicions.reduce((product, { suspicion }) => product * (1 - suspicion), 1);
  const score = Math.round((1 - innocence) * 1000) / 1000;
  return {
    score,
    decision: score >= rejectFrom ? 'reject' : 'accept',
    model: fraudModel,
    reasons: suspicions
      .filter(({ suspicion }) => suspicion > 0)
      .sort((a, b) => b.suspicion - a.suspicion)
      .map(({ rule }) => rule.reason(features)),
  };
}

/** 0 up to `from`, 1 from `to` on, and between them linear in the logarithm: the tenth thousand alarms less than the first. */
function logRamp(value: number, from: number, to: number): number {
  if (value <= from) return 0;
  return Math.min(1, Math.log(value / from) / Math.log(to / from));
}
