import { isCopy } from '../evidence/consumers.ts';
import { distinctRecords } from '../evidence/dossier.ts';
import { orderInvariant } from './invariant.ts';

export const s06 = orderInvariant({
  id: 'S6',
  name: 'Effectively once',
  kind: 'safety',
  statement:
    'However often a message is delivered, a consumer acts on it once: each effect has the inbox row that makes it unique, no message has the same effect twice, and one Idempotency-Key gives one order.',
  deadlineMs: null,
  check({ records, inbox, client }) {
    const messages = distinctRecords(records).filter(({ topic }) => !isCopy(topic));
    const ids = new Set(messages.map(({ messageId }) => messageId));
    const effects = messages.filter(({ causationId }) => causationId !== null && ids.has(causationId));
    const evidence = { effects: effects.length, 'client operations': client.length };
    const claimed = new Set(inbox.map(({ consumer, messageId }) => `${consumer} ${messageId}`));
    const unclaimed = effects.find(({ producer, causationId }) => !claimed.has(`${producer} ${causationId}`));
    if (unclaimed !== undefined) {
      const { event, messageId, producer, causationId } = unclaimed;
      return {
        evidence,
        problem: `${producer} published ${event} ${messageId} because of message ${causationId}, which its inbox does not hold.`,
      };
    }
    for (const [, same] of Map.groupBy(
      effects,
      ({ producer, event, causationId }) => `${producer} ${event} ${causationId}`,
    )) {
      const [first] = same;
      if (first !== undefined && same.length > 1) {
        return {
          evidence,
          problem: `Message ${first.causationId} made ${first.producer} publish ${first.event} ${same.length} times.`,
        };
      }
    }
    const placed = client.filter(({ op }) => op === 'place');
    const keys = Map.groupBy(placed, ({ idempotencyKey }) => idempotencyKey);
    if (keys.size > 1) return { evidence, problem: `${keys.size} idempotency keys were answered with this one order.` };
    const orders = new Set(placed.flatMap(({ orderId }) => orderId ?? []));
    if (orders.size > 1) {
      return {
        evidence,
        problem: `One idempotency key was answered with ${orders.size} orders: ${[...orders].join(', ')}.`,
      };
    }
    return { evidence, problem: null };
  },
});
