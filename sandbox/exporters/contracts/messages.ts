/** What lies on each topic, as AsyncAPI messages: headers, key and payload. */
import { readdirSync, readFileSync } from 'node:fs';
import { type EventName, events } from '#contracts/events/events.ts';
import { answerSchemaOf, type JsonSchema, jsonSchemaOf, questionSchemaOf } from '#contracts/events/json-schema.ts';
import { type RequestName, replyTopics, requests } from '#contracts/events/requests.ts';
import { deadLetterTopic, retryTiers, retryTierTopic, retryTopic } from '#contracts/events/topics.ts';
import { upcasters } from '#contracts/events/upcasters.ts';

/** A message under the key that it has in the documents. */
export type Message = { key: string; body: object };

export type TopicMessages = {
  /** What is written there now. */
  sent: readonly Message[];
  /** What may lie there: also what earlier releases wrote and is still read. */
  received: readonly Message[];
};

export type MessagesOf = (topic: string) => TopicMessages;

const onRecord = new URL('../../../contracts/events/schemas/', import.meta.url);
const uuid = { type: 'string', format: 'uuid' };
const trace = {
  traceparent: {
    type: 'string',
    pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$',
    description: 'W3C trace context',
  },
  tracestate: { type: 'string' },
};

/** Messages of every topic of events, commands, questions and answers, and of the topics of these consumers. */
export function messagesByTopic(consumers: readonly string[]): MessagesOf {
  const topics = new Map<string, { sent: Message[]; received: Message[] }>();
  const add = (topic: string, message: Message, written = true) => {
    const known = topics.get(topic) ?? { sent: [], received: [] };
    topics.set(topic, known);
    known.received.push(message);
    if (written) known.sent.push(message);
  };
  for (const name of Object.keys(events) as EventName[]) {
    const { topic, version } = events[name];
    add(topic, eventMessage(name, version, jsonSchemaOf(name)));
    for (const older of olderVersions(name))
      add(topic, eventMessage(name, older.version, older.schema, `V${older.version.split('.')[0]}`), false);
  }
  for (const name of Object.keys(requests) as RequestName[]) {
    add(requests[name].topic, questionMessage(name));
    for (const topic of Object.values(replyTopics)) add(topic, answerMessage(name));
  }
  for (const consumer of consumers) {
    add(retryTopic(consumer), retriedMessage());
    for (const tier of retryTiers) add(retryTierTopic(consumer, tier), setAsideMessage());
    add(deadLetterTopic(consumer), deadLetterMessage());
  }
  return (topic) => topics.get(topic) ?? { sent: [], received: [] };
}

export type VersionOnRecord = { version: string; schema: JsonSchema };

/** The last minor version of each older major version that is still read. */
export function olderVersions(name: EventName): VersionOnRecord[] {
  const versions = readdirSync(new URL(`${name}/`, onRecord)).map((file) => file.replace(/\.json$/, ''));
  return Object.keys(upcasters[name] ?? {}).flatMap((major) => {
    const version = versions
      .filter((one) => one.startsWith(`${major}.`))
      .sort()
      .at(-1);
    if (version === undefined) return [];
    const text = readFileSync(new URL(`${name}/${version}.json`, onRecord), 'utf8');
    return [{ version, schema: JSON.parse(text) as JsonSchema }];
  });
}

function eventMessage(name: EventName, version: string, schema: JsonSchema, suffix = ''): Message {
  const [major] = version.split('.');
  const { $schema: _dialect, $id: _id, title: _title, description: _description, ...payload } = schema;
  const properties = {
    ...(payload.properties as object),
    version: { type: 'string', pattern: `^${major}\\.\\d+\\.\\d+$` },
  };
  return {
    key: key(name) + suffix,
    body: {
      name,
      title: suffix === '' ? name : `${name} ${major}.x`,
      summary: suffix === '' ? events[name].description : `${events[name].description}, as earlier releases told it`,
      contentType: 'application/json',
      headers: headers({
        'message-id': { ...uuid, description: 'Same as metadata.id; a second delivery is told by it' },
        event: { const: name },
      }),
      payload: { ...payload, properties },
      bindings: keyed({ ...uuid, description: 'Order id: one order stays in order on one partition' }),
    },
  };
}

function questionMessage(name: RequestName): Message {
  const { $schema: _dialect, ...payload } = questionSchemaOf(name);
  return {
    key: key(name),
    body: {
      name,
      title: name,
      summary: requests[name].description,
      contentType: 'application/json',
      correlationId: { location: '$message.header#/correlation-id' },
      headers: headers({
        'correlation-id': { ...uuid, description: 'The answer carries it' },
        'reply-to': { enum: Object.values(replyTopics), description: 'Topic of the answer' },
      }),
      payload,
      bindings: keyed({ ...uuid, description: 'Order id' }),
    },
  };
}

function answerMessage(name: RequestName): Message {
  const { $schema: _dialect, ...payload } = answerSchemaOf(name);
  return {
    key: `${key(name)}Answer`,
    body: {
      name: `${name}.answer`,
      title: `Answer to ${name}`,
      summary: 'What was asked for, or the problem in its place',
      contentType: 'application/json',
      correlationId: { location: '$message.header#/correlation-id' },
      headers: headers({ 'correlation-id': uuid }),
      payload,
      bindings: keyed({ ...uuid, description: 'Correlation id' }),
    },
  };
}

/** Which message it is a copy of. */
const copyOf = {
  'message-id': uuid,
  event: { type: 'string', description: 'Name of the event, or `retry` if nobody could read it' },
  'retry-of': { type: 'string', pattern: '^.+/\\d+/\\d+$', description: 'topic/partition/offset of the original' },
  'retry-send': {
    type: 'string',
    pattern: '^\\d+$',
    description: 'How often it had been sent with this copy; only the last counts',
  },
};

function setAsideMessage(): Message {
  return {
    key: 'setAside',
    body: {
      name: 'set-aside',
      title: 'A message that waits to be tried again',
      summary: 'The bytes of a message that failed for a reason of its own, sent by its consumer to itself',
      contentType: 'application/octet-stream',
      headers: headers({
        ...copyOf,
        'retry-attempts': { type: 'string', pattern: '^\\d+$', description: 'Tries that it had before' },
        'retry-due-at': { type: 'string', format: 'date-time', description: 'Not to be tried before' },
        'retry-error': { type: 'string', description: 'What the consumer said' },
        'retry-error-class': { type: 'string' },
      }),
      payload: { description: 'The value of the original, byte by byte' },
      bindings: keyed({ type: 'string', description: 'Key of the original' }),
    },
  };
}

function retriedMessage(): Message {
  return {
    key: 'retried',
    body: {
      name: 'retried',
      title: 'A message that was parked, once more',
      summary:
        'The bytes of a message that could not be handled, sent by its consumer to itself when somebody asks for it',
      contentType: 'application/octet-stream',
      headers: headers(copyOf),
      payload: { description: 'The value of the original, byte by byte' },
      bindings: keyed({ type: 'string', description: 'Key of the original' }),
    },
  };
}

function deadLetterMessage(): Message {
  return {
    key: 'deadLetter',
    body: {
      name: 'dead-letter',
      title: 'Dead letter',
      summary:
        'A message that could not be handled, or that waits behind one; header fields of the original pass as well',
      contentType: 'application/octet-stream',
      headers: headers({
        'message-id': { ...uuid, description: 'Of the letter' },
        event: { const: 'dead-letter' },
        'dead-letter-consumer': { type: 'string' },
        'dead-letter-topic': { type: 'string' },
        'dead-letter-partition': { type: 'string', pattern: '^\\d+$' },
        'dead-letter-offset': { type: 'string', pattern: '^\\d+$' },
        'dead-letter-reason': { enum: ['invalid', 'failed', 'key_parked'] },
        'dead-letter-error': { type: 'string', description: 'What the consumer said' },
        'dead-letter-error-class': { type: 'string' },
        'dead-letter-stack-hash': { type: 'string', pattern: '^[0-9a-f]{16}$', description: 'Tells causes apart' },
        'dead-letter-attempts': { type: 'string', pattern: '^\\d+$' },
        'dead-letter-at': { type: 'string', format: 'date-time' },
      }),
      payload: { description: 'The value of the original, byte by byte' },
      bindings: keyed({ type: 'string', description: 'Key of the original' }),
    },
  };
}

/** Header fields that are always there, and the trace context, which is there when the work was traced. */
function headers(fields: Readonly<Record<string, object>>): object {
  return { type: 'object', required: Object.keys(fields), properties: { ...fields, ...trace } };
}

function keyed(schema: object): object {
  return { kafka: { key: schema } };
}

/** `order.created` → `orderCreated`: keys of channels and messages may hold no dots where tools make code of them. */
export function key(name: string): string {
  return name.replace(/[._-]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
