import { AppError } from '#contracts/errors.ts';
import type { ParkedKey, ReplayOrder } from '#contracts/sandbox/control-channel.ts';
import type { Logger } from '../logger.ts';

/** What one consumer has parked. `replay` throws `not_found` or `conflict`. */
export type ParkedSource = { list(): Promise<ParkedKey[]>; replay(key: string): Promise<ParkedKey> };

/** Keys that the consumers of this process have parked. */
export type ParkedKeys = {
  add(consumer: string, source: ParkedSource): void;
  list(): Promise<ParkedKey[]>;
  /** Throws `not_found` for a consumer or a key that is not there, `conflict` when it cannot be sent now. */
  replay(order: ReplayOrder): Promise<ParkedKey>;
};

export function createParkedKeys({ log }: { log: Logger }): ParkedKeys {
  const sources = new Map<string, ParkedSource>();
  return {
    add: (consumer, source) => {
      sources.set(consumer, source);
    },
    async list() {
      const lists = await Promise.all([...sources.values()].map((source) => source.list()));
      return lists.flat();
    },
    async replay(order) {
      const source = sources.get(order.consumer);
      if (source === undefined) throw new AppError('not_found', `this service has no consumer "${order.consumer}"`);
      const sent = await source.replay(order.key);
      log.warn({ ...order, position: sent.position, messages: sent.messages }, 'parked key is replayed');
      return sent;
    },
  };
}
