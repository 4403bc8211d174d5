import type { Delivery } from '../evidence/dossier.ts';
import { firstOf, orderInvariant } from './invariant.ts';

export const l08 = orderInvariant({
  id: 'L8',
  name: 'What goes in comes out',
  kind: 'liveness',
  statement:
    'Every row that an outbox calls published lies on its topic, and every message there was handled or parked by each consumer that handles its kind: produced = handled + parked, nothing lost on the way.',
  deadlineMs: 20_000,
  check({ records, outbox, deliveries, recordsComplete, readAtMs }) {
    if (!recordsComplete) return { evidence: {}, problem: null };
    const evidence = {
      messages: records.length,
      deliveries: deliveries.length,
      'parked deliveries': deliveries.filter(({ state }) => state === 'parked').length,
    };
    const onTopic = new Set(records.map(({ messageId }) => messageId));
    // What was marked this instant may not have been read from the topic yet.
    const lost = outbox.filter(
      ({ id, publishedAt }) => publishedAt !== null && readAtMs - Date.parse(publishedAt) > 2_000 && !onTopic.has(id),
    );
    if (lost.length > 0) {
      return {
        evidence,
        problem: `Published by its outbox and not on the topic: ${firstOf(lost.map(({ id, topic }) => `${id} (${topic})`))}.`,
      };
    }
    const unpublished = outbox.filter(({ publishedAt }) => publishedAt === null);
    if (unpublished.length > 0) {
      return {
        evidence,
        problem: `Waiting in an outbox: ${firstOf(unpublished.map(({ id, service }) => `${id} (${service})`))}.`,
      };
    }
    const passed = deliveries.filter(({ state }) => state === 'passed');
    if (passed.length > 0) return { evidence, problem: `Neither handled nor parked: ${firstOf(passed.map(tell))}.` };
    const late = deliveries.filter(({ state }) => state === 'in-flight');
    return { evidence, problem: late.length === 0 ? null : `Not handled yet: ${firstOf(late.map(tell))}.` };
  },
});

function tell({ consumer, record }: Delivery): string {
  return `${record.event} ${record.messageId} by ${consumer}`;
}
