import { isFailureTopic, topics } from '#contracts/events/topics.ts';

/** Who owns a topic: the one process that may publish to it, and whose outbox its messages come from. */
export const ownerOfTopic: Readonly<Record<string, OutboxOwner>> = {
  [topics.orders]: 'orders',
  [topics.inventory]: 'inventory',
  [topics.billing]: 'billing',
  [topics.workers]: 'workers',
};

/** Who has an outbox. That of history holds only what it could not handle. */
export const outboxOwners = ['orders', 'inventory', 'billing', 'workers', 'history'] as const;
export type OutboxOwner = (typeof outboxOwners)[number];

/** Services with an inbox; each is a consumer group of its own name. */
export const consumers = ['orders', 'inventory', 'billing', 'workers', 'history'] as const;
export type ConsumerName = (typeof consumers)[number];

/** The owner of a topic, also of dead letters, retries and commands: `inventory.dlq`, `inventory.retry.5s`, `inventory.commands`. */
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
  return isFailureTopic(topic);
}
