import { isCopy, publisherOf } from '../evidence/consumers.ts';
import { orderInvariant } from './invariant.ts';

export const s10 = orderInvariant({
  id: 'S10',
  name: 'No change by an invalid message',
  kind: 'safety',
  statement:
    'What changed an order is a message that fits its schema and was published by the owner of its topic; anything else changes nothing.',
  deadlineMs: null,
  check({ order, records, inbox, recordsComplete }) {
    const byId = new Map(records.map((record) => [record.messageId, record]));
    const acted = new Set([
      ...(order?.transitions ?? []).flatMap(({ messageId }) => messageId ?? []),
      ...records.flatMap(({ causationId }) => causationId ?? []),
      ...inbox.map(({ messageId }) => messageId),
    ]);
    const evidence = { causes: acted.size };
    if (acted.size === 0) return { evidence: {}, problem: null };
    for (const id of acted) {
      const cause = byId.get(id);
      if (cause === undefined) {
        const changed = order?.transitions.find(({ messageId }) => messageId === id);
        if (!recordsComplete || changed === undefined) continue;
        return { evidence, problem: `${changed.to} was reached by message ${id}, which lies on no topic.` };
      }
      if (cause.invalid !== null)
        return { evidence, problem: `Message ${id} changed something and is invalid: ${cause.invalid}.` };
      const owner = publisherOf(cause.topic);
      if (cause.producer !== owner && !isCopy(cause.topic)) {
        return {
          evidence,
          problem: `Message ${id} on ${cause.topic} changed something and says it is from ${cause.producer}.`,
        };
      }
    }
    return { evidence, problem: null };
  },
});
