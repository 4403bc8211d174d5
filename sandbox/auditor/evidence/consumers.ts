import { topics } from '#contracts/events/topics.ts';

/** Who owns a topic: the one process that may publish to it, and whose outbox its messages come from. */
export const ownerOfTopic: Readonly<Record<string, OutboxOwner>> = {
  [topics.orders]: 'orders',
  [topics.inventory]: 'inventory',
  [topics.billing]: 'billing',
  [topics.workers]: 'workers',
};

export const outboxOwners = ['orders', 'inventory', 'billing', 'workers'] as const;
export type OutboxOwner = (typeof outboxOwners)[number];

/** Services with an inbox; each is a consumer group of its own name. */
export const consumers = ['orders', 'inventory', 'billing', 'workers', 'history'] as const;
export type ConsumerName = (typeof consumers)[number];

/** The owner of a topic, also of its dead letters and of command topics: `inventory.dlq`, `inventory.commands`. */
export function publisherOf(topic: string): OutboxOwner | null {
  const known = ownerOfTopic[topic];
  if (known !== undefined) return known;
  // Commands are sent by the orchestrator, whoever they are for.
  if (topic.endsWith('.commands')) return 'orders';
  const [service = ''] = topic.split('.');
  return isCopy(topic) && (outboxOwners as readonly string[]).includes(service) ? (service as OutboxOwner) : null;
}

/** Dead letters and retries carry the bytes of a message that was published elsewhere. */
export function isCopy(topic: string): boolean {
  return topic.endsWith('.dlq') || topic.endsWith('.retry');
}
