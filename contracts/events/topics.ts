/** Topics of the fleet. Key of every record is the order id, so one order's events stay in order on one partition. */
export const topics = {
  orders: 'orders.events',
  inventory: 'inventory.events',
  billing: 'billing.events',
  workers: 'workers.events',
} as const;

export type TopicName = (typeof topics)[keyof typeof topics];

/** Partitions of every event topic. */
export const partitionsPerTopic = 6;

/** Topic where a service parks messages that it cannot handle. */
export function deadLetterTopic(service: string): string {
  return `${service}.dlq`;
}
