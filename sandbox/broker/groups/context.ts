import type { Clock } from '../clock.ts';
import type { EventBus } from '../events.ts';
import type { Logger } from '../logger.ts';
import type { Group } from './group.ts';

export interface GroupSettings {
  minSessionTimeoutMs: number;
  maxSessionTimeoutMs: number;
  /** How long an empty group waits for company before its first rebalance (group.initial.rebalance.delay.ms). */
  initialRebalanceDelayMs: number;
}

/** What the rules of a group need from outside; tests pass a fake clock. */
export interface GroupContext {
  clock: Clock;
  events: EventBus;
  logger: Logger;
  settings: GroupSettings;
  newId: () => string;
  /** A generation began: remember it, so that it does not run backwards after a restart. */
  onGeneration: (group: Group) => void;
}
