import { type ConsumerName, consumers, isCopy } from './consumers.ts';
import type { Delivery, Dossier } from './dossier.ts';
import type { TopicRecord } from './topic-record.ts';

export type DeliveryContext = {
  /** `consumer event style`: what each consumer has been seen to handle. */
  handledKinds: ReadonlySet<string>;
  /** Committed offsets by consumer and `topic/partition`. */
  committed: ReadonlyMap<string, ReadonlyMap<string, bigint>>;
};

export function kindOf(consumer: string, event: string, sagaStyle: string | null): string {
  return `${consumer} ${event} ${sagaStyle ?? ''}`;
}

/**
 * Where each message of an order stands with each consumer that handles its kind. Which kinds those are is learned
 * from the inboxes and not from the services' code: whoever has handled one `order.confirmed` owes them all. History
 * owes every event from the start.
 */
export function deliveriesOf(
  dossier: Pick<Dossier, 'records' | 'inbox' | 'parked' | 'order'>,
  { handledKinds, committed }: DeliveryContext,
): Delivery[] {
  const handled = new Set(dossier.inbox.map(({ consumer, messageId }) => `${consumer} ${messageId}`));
  const parked = new Set(dossier.parked.map(({ consumer, position }) => `${consumer} ${position}`));
  const style = dossier.order?.sagaStyle ?? null;
  const owes = (consumer: ConsumerName, record: TopicRecord) =>
    record.event !== null &&
    !isCopy(record.topic) &&
    ((consumer === 'history' && record.topic.endsWith('.events')) ||
      handledKinds.has(kindOf(consumer, record.event, style)));
  return dossier.records.flatMap((record) =>
    consumers
      .filter((consumer) => owes(consumer, record))
      .map((consumer): Delivery => {
        const place = `${record.topic}/${record.partition}`;
        if (handled.has(`${consumer} ${record.messageId}`)) return { consumer, record, state: 'handled' };
        if (parked.has(`${consumer} ${place}/${record.offset}`)) return { consumer, record, state: 'parked' };
        const offset = committed.get(consumer)?.get(place) ?? 0n;
        return { consumer, record, state: offset > BigInt(record.offset) ? 'passed' : 'in-flight' };
      }),
  );
}
