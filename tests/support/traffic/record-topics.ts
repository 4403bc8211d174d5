import { openKafkaReader, partitionName } from '#sandbox/auditor/kafka/client.ts';
import type { Fleet } from '../fleet.ts';
import type { TopicRecord } from './judge-messages.ts';

/** Everything that lies on the topics of a fleet, read by the auditor's own client, and the names of the topics. */
export async function recordTopics(fleet: Fleet): Promise<{ topics: string[]; records: TopicRecord[] }> {
  const reader = await openKafkaReader(fleet.state().endpoints.kafka);
  try {
    const topics = await reader.topics();
    const places = [...topics].flatMap(([topic, count]) =>
      Array.from({ length: count }, (_, partition) => ({ topic, partition })),
    );
    const earliest = await reader.earliest(places);
    let open = places.map((place) => ({ ...place, offset: earliest.get(partitionName(place)) ?? 0n }));
    const records: TopicRecord[] = [];
    while (open.length > 0) {
      const fetched = await reader.fetch(open, 0);
      for (const { topic, partition, records: found } of fetched) {
        for (const { offset, key, headers, value } of found) {
          records.push({ topic, partition, offset, key, headers, value: value?.toString() ?? '' });
        }
      }
      // An answer has room for some of the partitions; the others are asked again.
      open = open.flatMap((place) => {
        const got = fetched.find((one) => partitionName(one) === partitionName(place));
        if (got === undefined) return [place];
        return got.next >= got.highWatermark ? [] : [{ ...place, offset: got.next }];
      });
    }
    return { topics: [...topics.keys()], records };
  } finally {
    reader.close();
  }
}
