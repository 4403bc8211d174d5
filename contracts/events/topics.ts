/**
 * Topics of the fleet. Key of every record is the order id, so one order's messages stay in order on one partition.
 * Events are told by their owner to whoever cares; commands are told by the orchestrator to the one who must act.
 */
export const topics = {
  orders: 'orders.events',
  inventory: 'inventory.events',
  billing: 'billing.events',
  workers: 'workers.events',
  inventoryCommands: 'inventory.commands',
  billingCommands: 'billing.commands',
  workersCommands: 'workers.commands',
} as const;

export type TopicName = (typeof topics)[keyof typeof topics];

/** Partitions of every event topic. */
export const partitionsPerTopic = 6;

/** Topic where a service puts messages that it cannot handle. */
export function deadLetterTopic(service: string): string {
  return `${service}.dlq`;
}

/** Topic where a consumer group sends what it parked to itself again. Nobody else reads it: others have had the message. */
export function retryTopic(consumer: string): string {
  return `${consumer}.retry`;
}

/** A delay before a message that failed is tried again. */
export type RetryTier = { name: string; delayMs: number };

/**
 * Where a message that failed for a reason of its own waits, one after the other, before it becomes a dead letter. A
 * topic for each delay: what came first is due first, so a reader that waits for its head holds up nothing that is due.
 */
export const retryTiers: readonly RetryTier[] = [
  { name: '5s', delayMs: 5_000 },
  { name: '30s', delayMs: 30_000 },
  { name: '2m', delayMs: 120_000 },
];

/** Topic of one tier of a consumer group, e.g. `billing.retry.30s`. */
export function retryTierTopic(consumer: string, { name }: RetryTier): string {
  return `${retryTopic(consumer)}.${name}`;
}

/** Topics that a consumer group reads for itself alone, or that its service fills with what it cannot handle. */
export function topicsOfConsumer(service: string, consumer = service, tiers = retryTiers): string[] {
  return [deadLetterTopic(service), retryTopic(consumer), ...tiers.map((tier) => retryTierTopic(consumer, tier))];
}

const failureTopic = /\.dlq$|\.retry(\.[^.]+)?$/;

/** Dead letters and retries: messages that were published elsewhere before. */
export function isFailureTopic(topic: string): boolean {
  return failureTopic.test(topic);
}

/** Partitions of a topic. Failures are few, and every partition that a consumer has costs it something in each fetch. */
export function partitionsOf(topic: string): number {
  return isFailureTopic(topic) ? 1 : partitionsPerTopic;
}
