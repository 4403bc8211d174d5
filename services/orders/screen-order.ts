import type { EventOf } from '#contracts/events/registry.ts';
import { type FraudRequest, type FraudScore, scoreFraud } from '#contracts/http/fraud.ts';
import type { HttpClient } from '#kit/http-client.ts';
import type { Logger } from '#kit/logger.ts';
import type { Fallback } from '#kit/resilience/fallback.ts';
import { scoreByRule } from './fraud-rule.ts';

/** Asks the model. Throws AppError when it does not answer in time or not sensibly. */
export type AskModel = (request: FraudRequest, signal: AbortSignal) => Promise<FraudScore>;

/** A model that is slow is a model that is down: the partition waits for this answer. */
const timeoutMs = 800;

export function createAskModel(inference: HttpClient): AskModel {
  // One attempt: the rule is a better answer than a late one.
  return async (body, signal) => (await inference.call(scoreFraud, { body, timeoutMs, signal })).body;
}

/**
 * Opinion on a new order: the model's, or the rule's when the model does not answer, since a fraud check that is down
 * must not stop the shop. Throws when `signal` aborts, and while the fallback is switched off.
 */
export async function screenOrder(
  { askModel, fallback }: { askModel: AskModel; fallback: Fallback },
  { data }: EventOf<'order.created'>,
  { log, signal }: { log: Logger; signal: AbortSignal },
): Promise<FraudScore> {
  const { orderId, customerId, items, total } = data;
  const request = { orderId, customerId, items, total };
  return fallback.run(
    () => askModel(request, signal),
    (error) => {
      signal.throwIfAborted();
      const score = scoreByRule(request);
      log.warn({ error, decision: score.decision }, 'fraud model did not answer, rule decides');
      return score;
    },
  );
}
