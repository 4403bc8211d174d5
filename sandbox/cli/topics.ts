import { Command } from 'commander';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { currentState, requireRunning } from './control-client.ts';
import { columns } from './table.ts';

type TopicRow = { name: string; partitions: number; messages: number };
type GroupRow = { group: string; topic: string; lag: number; uncommitted: number };

export function topicsCommand(): Command {
  return new Command('topics')
    .description('topics, and how far their consumer groups are behind')
    .option('--json', 'print as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { endpoints } = await currentState(await requireRunning());
      // kafkajs 2.2.4 sets timers in the past, of which Node warns; here they live for a second.
      process.removeAllListeners('warning');
      const kafka = new Kafka({ clientId: 'orrery-cli', brokers: [endpoints.kafka], logLevel: logLevel.NOTHING });
      const admin = kafka.admin({ retry: { retries: 2 } });
      await admin.connect();
      try {
        const topics = await readTopics(admin);
        const groups = await readGroups(
          admin,
          topics.map((topic) => topic.name),
        );
        if (json) console.log(JSON.stringify({ topics, groups }, null, 2));
        else print(topics, groups);
      } finally {
        await admin.disconnect();
      }
    });
}

async function readTopics(admin: Admin): Promise<TopicRow[]> {
  const names = (await admin.listTopics()).filter((name) => !name.startsWith('__')).sort();
  return Promise.all(
    names.map(async (name) => {
      const partitions = await admin.fetchTopicOffsets(name);
      const messages = partitions.reduce((sum, { high, low }) => sum + Number(BigInt(high) - BigInt(low)), 0);
      return { name, partitions: partitions.length, messages };
    }),
  );
}

/** Lag per group and topic; partitions on which a group has committed nothing yet are counted apart. */
async function readGroups(admin: Admin, topics: string[]): Promise<GroupRow[]> {
  const { groups } = await admin.listGroups();
  const ends = new Map(
    await Promise.all(
      topics.map(async (topic) => {
        const partitions = await admin.fetchTopicOffsets(topic);
        return [topic, new Map(partitions.map(({ partition, high }) => [partition, BigInt(high)]))] as const;
      }),
    ),
  );
  const rows = await Promise.all(
    groups.map(async ({ groupId }) => {
      const committed = await admin.fetchOffsets({ groupId, topics });
      return committed.map(({ topic, partitions }) => {
        const known = partitions.filter(({ offset }) => offset !== '-1');
        const lag = known.reduce(
          (sum, { partition, offset }) => sum + Number((ends.get(topic)?.get(partition) ?? 0n) - BigInt(offset)),
          0,
        );
        return { group: groupId, topic, lag, uncommitted: partitions.length - known.length, any: known.length > 0 };
      });
    }),
  );
  return rows
    .flat()
    .filter((row) => row.any)
    .map(({ any: _any, ...row }) => row);
}

function print(topics: TopicRow[], groups: GroupRow[]): void {
  const topicRows = topics.map(({ name, partitions, messages }) => [name, String(partitions), String(messages)]);
  console.log(columns([['topic', 'partitions', 'messages'], ...topicRows], [1, 2]));
  if (groups.length === 0) return;
  const groupRows = groups.map(({ group, topic, lag }) => [group, topic, String(lag)]);
  console.log(`\n${columns([['group', 'topic', 'lag'], ...groupRows], [2])}`);
}
