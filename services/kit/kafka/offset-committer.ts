import type { Logger } from '../logger.ts';

type Offset = { topic: string; partition: number; offset: string };

export type OffsetCommitter = {
  /** Records that everything up to and including `offset` is handled. */
  mark(topic: string, partition: number, offset: string): void;
  /** Commits what is marked now. Never rejects: an uncommitted offset only means a redelivery, which the inbox absorbs. */
  flush(): Promise<void>;
  close(): void;
};

/** One commit request per message would double the traffic to the broker; this much delay costs only redeliveries. */
const intervalMs = 200;

/** Commits handled offsets in the background, together. */
export function createOffsetCommitter(commit: (offsets: Offset[]) => Promise<void>, log: Logger): OffsetCommitter {
  const dirty = new Map<string, Offset>();
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (dirty.size === 0) return;
    const offsets = [...dirty.values()];
    dirty.clear();
    try {
      await commit(offsets);
    } catch (error) {
      log.debug({ error }, 'offsets not committed, messages will be delivered again');
    }
  }

  return {
    mark(topic, partition, offset) {
      dirty.set(`${topic}/${partition}`, { topic, partition, offset: String(BigInt(offset) + 1n) });
      timer ??= setTimeout(() => void flush(), intervalMs);
    },
    flush,
    close: () => clearTimeout(timer),
  };
}
