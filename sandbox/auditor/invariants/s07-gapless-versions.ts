import { distinctRecords } from '../evidence/dossier.ts';
import { firstOf, orderInvariant } from './invariant.ts';

export const s07 = orderInvariant({
  id: 'S7',
  name: 'Versions without gaps, in order',
  kind: 'safety',
  statement:
    'On its topic the versions of an aggregate are 1, 2, 3, …: none is missing, none comes twice under another message id, none overtakes another, and all lie on one partition.',
  deadlineMs: null,
  check({ records, recordsComplete }) {
    const events = distinctRecords(records).filter(
      ({ topic, version }) => topic.endsWith('.events') && version !== null,
    );
    if (events.length === 0 || !recordsComplete) return { evidence: {}, problem: null };
    const byTopic = Map.groupBy(events, ({ topic }) => topic);
    const evidence = { aggregates: byTopic.size, messages: events.length };
    for (const [topic, list] of byTopic) {
      const partitions = new Set(list.map(({ partition }) => partition));
      if (partitions.size > 1) {
        return {
          evidence,
          problem: `Its messages lie on partitions ${firstOf([...partitions].map(String), 6)} of ${topic}.`,
        };
      }
      const versions = list.map(({ version }) => version ?? 0);
      if (versions.some((version, index) => version !== index + 1)) {
        return { evidence, problem: `${topic} holds the versions ${versions.join(', ')} in this order.` };
      }
    }
    return { evidence, problem: null };
  },
});
