import type { KafkaMessage } from 'kafkajs';

/** Works off one batch of one partition, in order. */
export type PartitionWorker = {
  /** Resolves when the batch is done or the worker was stopped. Never rejects. */
  finished: Promise<void>;
  /** Stops after the message in hand. */
  stop(): void;
};

/** Starts on the batch at once. `process` returns false when the message was not handled and work must end here. */
export function startPartitionWorker(
  messages: readonly KafkaMessage[],
  process: (message: KafkaMessage) => Promise<boolean>,
  done: (offset: string) => void,
): PartitionWorker {
  let stopped = false;
  async function run(): Promise<void> {
    for (const message of messages) {
      if (stopped || !(await process(message))) return;
      done(message.offset);
    }
  }
  return {
    finished: run(),
    stop: () => {
      stopped = true;
    },
  };
}
