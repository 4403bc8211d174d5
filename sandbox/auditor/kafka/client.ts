/**
 * What the auditor needs of the Kafka protocol, by its own code, so that a fault in the services' client cannot hide
 * behind itself. Reads only. Versions that Apache Kafka 2.x–3.x, Redpanda and our broker all speak: Metadata 1,
 * ListOffsets 1, Fetch 4, OffsetFetch 2. One broker: partitions of other nodes are not followed.
 */
import { AppError } from '#contracts/errors.ts';
import { openConnection } from './connection.ts';
import { type KafkaRecord, readRecords } from './record-batch.ts';
import { WireWriter } from './wire.ts';

export type TopicPartition = { topic: string; partition: number };
export type Fetched = TopicPartition & { highWatermark: bigint; next: bigint; records: KafkaRecord[] };

export type KafkaReader = {
  /** Every topic and the number of its partitions; internal ones are left out. */
  topics(): Promise<Map<string, number>>;
  /** First offset that is still kept, by `topic/partition`. */
  earliest(partitions: readonly TopicPartition[]): Promise<Map<string, bigint>>;
  /** What lies at each position; waits up to `waitMs` for the first byte. */
  fetch(positions: readonly (TopicPartition & { offset: bigint })[], waitMs: number): Promise<Fetched[]>;
  /** Offsets that a group has committed, by `topic/partition`: the next message that it would be given. */
  committed(group: string): Promise<Map<string, bigint>>;
  close(): void;
};

const api = { fetch: 1, listOffsets: 2, metadata: 3, offsetFetch: 9 } as const;
const timeoutMs = 5_000;
const partitionBytes = 256 * 1024;
const totalBytes = 2 * 1024 * 1024;
const offsetOutOfRange = 1;
const earliestTimestamp = -2n;

export function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

export async function openKafkaReader(address: string): Promise<KafkaReader> {
  const connection = await openConnection(address);

  async function topics(): Promise<Map<string, number>> {
    const answer = await connection.call(api.metadata, 1, new WireWriter().int32(-1).finish(), timeoutMs);
    answer.array(() => [answer.int32(), answer.string(), answer.int32(), answer.string()]);
    answer.int32(); // controller
    const found = answer.array(() => {
      const error = answer.int16();
      const name = answer.string() ?? '';
      const internal = answer.int8() === 1;
      const partitions = answer.array(() => {
        const state = [answer.int16(), answer.int32(), answer.int32()];
        answer.array(() => answer.int32());
        answer.array(() => answer.int32());
        return state;
      });
      return { error, name, internal, partitions: partitions.length };
    });
    const known = found.filter(({ error, internal }) => error === 0 && !internal);
    return new Map(known.map(({ name, partitions }) => [name, partitions]));
  }

  async function earliest(partitions: readonly TopicPartition[]): Promise<Map<string, bigint>> {
    const body = new WireWriter().int32(-1);
    body.array([...Map.groupBy(partitions, ({ topic }) => topic)], ([topic, list]) => {
      body.string(topic).array(list, ({ partition }) => body.int32(partition).int64(earliestTimestamp));
    });
    const answer = await connection.call(api.listOffsets, 1, body.finish(), timeoutMs);
    const found = new Map<string, bigint>();
    answer.array(() => {
      const topic = answer.string() ?? '';
      answer.array(() => {
        const partition = answer.int32();
        const error = answer.int16();
        answer.int64();
        const offset = answer.int64();
        if (error === 0) found.set(partitionName({ topic, partition }), offset);
      });
    });
    return found;
  }

  async function fetch(positions: readonly (TopicPartition & { offset: bigint })[], waitMs: number) {
    const asked = new Map(positions.map((position) => [partitionName(position), position.offset]));
    const body = new WireWriter().int32(-1).int32(waitMs).int32(1).int32(totalBytes).int8(0);
    body.array([...Map.groupBy(positions, ({ topic }) => topic)], ([topic, list]) => {
      body.string(topic);
      body.array(list, ({ partition, offset }) => body.int32(partition).int64(offset).int32(partitionBytes));
    });
    const answer = await connection.call(api.fetch, 4, body.finish(), timeoutMs + waitMs);
    const fetched: Fetched[] = [];
    answer.int32(); // throttle time
    answer.array(() => {
      const topic = answer.string() ?? '';
      answer.array(() => {
        const partition = answer.int32();
        const error = answer.int16();
        const highWatermark = answer.int64();
        answer.int64(); // last stable offset
        answer.array(() => [answer.int64(), answer.int64()]);
        const bytes = answer.bytes() ?? Buffer.alloc(0);
        const from = asked.get(partitionName({ topic, partition })) ?? 0n;
        if (error === offsetOutOfRange) throw new AppError('conflict', `${topic}/${partition} no longer holds ${from}`);
        if (error !== 0) throw new AppError('dependency_failed', `fetch of ${topic}/${partition}: error ${error}`);
        fetched.push({ topic, partition, highWatermark, ...readRecords(bytes, from) });
      });
    });
    return fetched;
  }

  async function committed(group: string): Promise<Map<string, bigint>> {
    const body = new WireWriter().string(group).int32(-1).finish();
    const answer = await connection.call(api.offsetFetch, 2, body, timeoutMs);
    const found = new Map<string, bigint>();
    answer.array(() => {
      const topic = answer.string() ?? '';
      answer.array(() => {
        const partition = answer.int32();
        const offset = answer.int64();
        answer.string();
        const error = answer.int16();
        if (error === 0 && offset >= 0n) found.set(partitionName({ topic, partition }), offset);
      });
    });
    return found;
  }

  return { topics, earliest, fetch, committed, close: connection.close };
}
