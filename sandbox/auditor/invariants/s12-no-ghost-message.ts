import { publisherOf } from '../evidence/consumers.ts';
import { orderInvariant } from './invariant.ts';

/** Published rows are swept from the outbox after an hour; older messages cannot be looked up any more. */
const outboxKeepsMs = 50 * 60_000;

export const s12 = orderInvariant({
  id: 'S12',
  name: 'No ghost message',
  kind: 'safety',
  statement:
    'Every message on a topic has a committed row with its id in the outbox of the topic’s owner: nothing is announced that was not saved.',
  deadlineMs: null,
  check({ records, outbox, readAtMs }) {
    const known = new Set(outbox.map(({ service, id }) => `${service} ${id}`));
    const judged = records.filter(
      ({ topic, publishedAt }) => publisherOf(topic) !== null && readAtMs - publishedAt < outboxKeepsMs,
    );
    const evidence = { messages: judged.length };
    const ghost = judged.find(({ topic, messageId }) => !known.has(`${publisherOf(topic)} ${messageId}`));
    return {
      evidence,
      problem:
        ghost === undefined
          ? null
          : `${ghost.event ?? 'A message'} ${ghost.messageId ?? 'without an id'} lies at ${ghost.topic}/${ghost.partition}/${ghost.offset}, and the outbox of ${publisherOf(ghost.topic)} has no such row.`,
    };
  },
});
