import { type Counts, type OrderFindings, orderInvariant } from './invariant.ts';

export const s13 = orderInvariant({
  id: 'S13',
  name: 'Parked keys wait',
  kind: 'safety',
  statement: 'While a message of a key is parked with a consumer, that consumer applies no later message of the key.',
  deadlineMs: null,
  check({ parked, inbox, deliveries, order }): OrderFindings {
    const handled = deliveries.filter(({ state }) => state === 'handled').length;
    const evidence: Counts =
      order === null && parked.length === 0 ? {} : { 'deliveries in order': handled, 'parked messages': parked.length };
    for (const { consumer, position, parkedAt, releasedAt } of parked) {
      // What was parked before it goes before it when the key is replayed.
      const ahead = new Set(
        parked.filter((row) => row.consumer === consumer && row.parkedAt < parkedAt).map(({ messageId }) => messageId),
      );
      const passed = inbox.find(
        (row) =>
          row.consumer === consumer &&
          !ahead.has(row.messageId) &&
          Date.parse(row.receivedAt) > Date.parse(parkedAt) &&
          (releasedAt === null || Date.parse(row.receivedAt) < Date.parse(releasedAt)),
      );
      if (passed !== undefined) {
        return {
          evidence,
          problem: `${consumer} parked ${position} at ${parkedAt} and applied message ${passed.messageId} at ${passed.receivedAt}.`,
        };
      }
    }
    return { evidence, problem: null };
  },
});
