import { replyTopics, requestTopics } from '#contracts/events/requests.ts';
import { deadLetterTopic, partitionsOf, retryTiers, retryTierTopic, retryTopic } from '#contracts/events/topics.ts';
import type { ExportFile } from '#contracts/sandbox/export.ts';
import { yamlFile } from '../file.ts';
import { consumersOf, type Plan, type PlannedService } from '../plan.ts';
import { kafkaBrokersOf } from '../stores.ts';
import { key, type Message, type MessagesOf, messagesByTopic } from './messages.ts';

/** One AsyncAPI 3.1 document per service that publishes or reacts: an AsyncAPI document describes one application. */
export function asyncApiFiles(plan: Plan): ExportFile[] {
  const messagesOf = messagesByTopic(consumersOf(plan).map(({ process }) => process.name));
  return plan.services
    .filter((service) => service.produces.length + service.consumes.length > 0)
    .map((service) =>
      yamlFile(`contracts/asyncapi/${service.process.name}.yaml`, documentOf(plan, service, messagesOf)),
    );
}

type Operation = { topic: string; action: 'send' | 'receive'; summary: string; groupId?: object; reply?: object };

function documentOf(plan: Plan, service: PlannedService, messagesOf: MessagesOf): object {
  const operations = operationsOf(service);
  const topics = [...new Set(operations.map(({ topic }) => topic))];
  const messagesIn = (topic: string): readonly Message[] => {
    const reads = operations.some((one) => one.topic === topic && one.action === 'receive');
    return reads ? messagesOf(topic).received : messagesOf(topic).sent;
  };
  return withoutUndefined({
    asyncapi: '3.1.0',
    id: `urn:orrery:${service.process.name}`,
    info: {
      title: service.process.title,
      version: plan.options.tag,
      description: service.process.description,
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
      contact: { name: plan.options.repository, url: `https://github.com/${plan.options.repository}` },
      tags: [{ name: service.process.kind }],
    },
    defaultContentType: 'application/json',
    servers: {
      broker: {
        host: kafkaBrokersOf(plan.options, plan.options.namespace).split(',')[0],
        protocol: 'kafka',
        description: 'Messages of one order have the order id as their key, so they stay in order on one partition.',
      },
    },
    channels: Object.fromEntries(
      topics.map((topic) => [
        key(topic),
        {
          address: topic,
          servers: [{ $ref: '#/servers/broker' }],
          messages: Object.fromEntries(
            messagesIn(topic).map((message) => [message.key, { $ref: `#/components/messages/${message.key}` }]),
          ),
          bindings: { kafka: { topic, partitions: partitionsOf(topic) } },
        },
      ]),
    ),
    operations: Object.fromEntries(
      operations.map(({ topic, action, summary, groupId, reply }) => [
        `${action}${key(`.${topic}`)}`,
        {
          action,
          channel: { $ref: `#/channels/${key(topic)}` },
          summary,
          bindings: groupId === undefined ? undefined : { kafka: { groupId } },
          messages: messagesOf(topic)[action === 'send' ? 'sent' : 'received'].map((message) => ({
            $ref: `#/channels/${key(topic)}/messages/${message.key}`,
          })),
          reply,
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(topics.flatMap(messagesIn).map((message) => [message.key, message.body])),
    },
  });
}

/** What a service does with topics: those of its edges, and those of its own that a consumer has besides. */
function operationsOf({ process: { name }, produces, consumes }: PlannedService): Operation[] {
  const group = { type: 'string', const: name };
  return [
    ...produces.map((topic): Operation => ({ topic, action: 'send', ...sending(topic) })),
    ...consumes.map((topic): Operation => ({ topic, action: 'receive', ...receiving(topic, name) })),
    ...(consumes.length === 0
      ? []
      : ([
          { topic: deadLetterTopic(name), action: 'send', summary: 'Leaves what it cannot handle, and parks its key' },
          { topic: retryTopic(name), action: 'send', summary: 'Sends a parked message to itself, when asked to' },
          { topic: retryTopic(name), action: 'receive', summary: 'Tries a parked message again', groupId: group },
          ...retryTiers.flatMap((tier): Operation[] => {
            const topic = retryTierTopic(name, tier);
            return [
              { topic, action: 'send', summary: `Sets aside for ${tier.name} what failed for a reason of its own` },
              { topic, action: 'receive', summary: 'Tries it again when it is due', groupId: group },
            ];
          }),
        ] satisfies Operation[])),
  ];
}

const isQuestion = (topic: string) => (Object.values(requestTopics) as string[]).includes(topic);
const isAnswer = (topic: string) => (Object.values(replyTopics) as string[]).includes(topic);

function sending(topic: string): Pick<Operation, 'summary' | 'reply'> {
  if (isAnswer(topic)) return { summary: 'Answers questions' };
  if (!isQuestion(topic)) return { summary: `Publishes to ${topic} from its outbox` };
  const [replies = ''] = Object.values(replyTopics);
  const reply = {
    address: { location: '$message.header#/reply-to' },
    channel: { $ref: `#/channels/${key(replies)}` },
  };
  return { summary: 'Asks, and waits for the answer', reply };
}

/** Answers are read by each instance for itself, questions by whichever gets them; neither through the inbox. */
function receiving(topic: string, service: string): Pick<Operation, 'summary' | 'groupId'> {
  if (isAnswer(topic)) {
    return { summary: 'Takes answers', groupId: { type: 'string', pattern: `^${service}\\.replies\\.` } };
  }
  if (isQuestion(topic)) {
    return { summary: 'Takes questions', groupId: { type: 'string', const: `${service}.requests` } };
  }
  return { summary: `Reacts to ${topic}, once per message`, groupId: { type: 'string', const: service } };
}

function withoutUndefined<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
