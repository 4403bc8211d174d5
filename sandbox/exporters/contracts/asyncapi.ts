import { type EventName, events } from '#contracts/events/events.ts';
import { jsonSchemaOf } from '#contracts/events/json-schema.ts';
import type { ExportFile } from '#contracts/sandbox/export.ts';
import { yamlFile } from '../file.ts';
import type { Plan, PlannedService } from '../plan.ts';
import { kafkaBrokersOf } from '../stores.ts';

const names = Object.keys(events) as EventName[];

/** One AsyncAPI 3.1 document per service that publishes or reacts: an AsyncAPI document describes one application. */
export function asyncApiFiles(plan: Plan): ExportFile[] {
  const messages = Object.fromEntries(names.map((name) => [name, messageOf(name)])) as Messages;
  return plan.services
    .filter((service) => service.produces.length + service.consumes.length > 0)
    .map((service) => yamlFile(`contracts/asyncapi/${service.process.name}.yaml`, documentOf(plan, service, messages)));
}

type Messages = Readonly<Record<EventName, object>>;

function documentOf(plan: Plan, service: PlannedService, messages: Messages): object {
  const topics = plan.topics.filter(({ name }) => service.produces.includes(name) || service.consumes.includes(name));
  const used = names.filter((name) => topics.some((topic) => topic.name === events[name].topic));
  const operation = (action: 'send' | 'receive') => (topic: string) =>
    [
      `${action}${pascal(topic)}`,
      {
        action,
        channel: { $ref: `#/channels/${key(topic)}` },
        summary: action === 'send' ? `Publishes to ${topic} from its outbox` : `Reacts to ${topic}, once per message`,
        bindings:
          action === 'receive' ? { kafka: { groupId: { type: 'string', const: service.process.name } } } : undefined,
        messages: namesIn(topic).map((name) => ({ $ref: `#/channels/${key(topic)}/messages/${key(name)}` })),
      },
    ] as const;
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
        description: 'Key of every record is the order id, so one order stays in order on one partition.',
      },
    },
    channels: Object.fromEntries(
      topics.map((topic) => [
        key(topic.name),
        {
          address: topic.name,
          servers: [{ $ref: '#/servers/broker' }],
          messages: Object.fromEntries(
            namesIn(topic.name).map((name) => [key(name), { $ref: `#/components/messages/${key(name)}` }]),
          ),
          bindings: { kafka: { topic: topic.name, partitions: topic.partitions } },
        },
      ]),
    ),
    operations: Object.fromEntries([
      ...service.produces.map(operation('send')),
      ...service.consumes.map(operation('receive')),
    ]),
    components: { messages: Object.fromEntries(used.map((name) => [key(name), messages[name]])) },
  });
}

function messageOf(name: EventName): object {
  const { $schema: _dialect, $id: _id, title: _title, description: _description, ...payload } = jsonSchemaOf(name);
  return {
    name,
    title: name,
    summary: events[name].description,
    contentType: 'application/json',
    payload,
  };
}

function namesIn(topic: string): EventName[] {
  return names.filter((name) => events[name].topic === topic);
}

/** `order.created` → `orderCreated`: keys of channels and messages may hold no dots where tools make code of them. */
function key(name: string): string {
  return name.replace(/[._-]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function pascal(name: string): string {
  return key(`.${name}`);
}

function withoutUndefined<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
