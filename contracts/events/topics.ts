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

/** Topic where a service parks messages that it cannot handle. */
export function deadLetterTopic(service: string): string {
  return `${service}.dlq`;
}

/** Topic where a consumer group sends what it parked to itself again. Nobody else reads it: others have had the message. */
export function retryTopic(consumer: string): string {
  return `${consumer}.retry`;
}
