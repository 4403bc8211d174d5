import type { Clock } from './clock.ts';
import type { EventBus } from './events.ts';
import type { GroupCoordinator } from './groups/coordinator.ts';
import type { TopicStore } from './log/topic-store.ts';
import type { Logger } from './logger.ts';
import type { ProducerIds } from './producers/producer-ids.ts';
import type { TransactionCoordinator } from './producers/transactions.ts';
import type { BrokerSettings } from './settings.ts';

/**
 * The state that API handlers work on. Handlers run one at a time on Node's one thread; none awaits between reading
 * and writing a partition or a group, so there are no locks.
 */
export interface Cluster {
  clusterId: string;
  settings: BrokerSettings;
  clock: Clock;
  events: EventBus;
  logger: Logger;
  topics: TopicStore;
  groups: GroupCoordinator;
  producerIds: ProducerIds;
  transactions: TransactionCoordinator;
}
