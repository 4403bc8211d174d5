import { parse } from 'yaml';
import { isFailureTopic } from '#contracts/events/topics.ts';
import type { ExportFile } from '#contracts/sandbox/export.ts';
import { type Check, checksOf, pointerTo } from './schemas.ts';

/** A record as it lies on a topic. */
export type TopicRecord = {
  topic: string;
  partition: number;
  offset: bigint;
  key: string | null;
  headers: Readonly<Record<string, string>>;
  value: string;
};

export type MessageVerdict = {
  /** `orders.events orderCreated`; null when it is none that is documented. */
  message: string | null;
  findings: string[];
};

export type MessageContracts = {
  judge: (record: TopicRecord) => MessageVerdict;
  /** Every message of every topic, as in a verdict. */
  messages: readonly string[];
};

type Reference = { $ref: string };
type Message = { name: string; headers: object; payload: object; bindings: { kafka: { key: object } } };
type Document = {
  channels: Record<string, { address: string }>;
  operations: Record<string, { action: 'send' | 'receive'; channel: Reference; messages: Reference[] }>;
  components: { messages: Record<string, Message> };
};

/** What one service does with one topic. */
type Operation = { service: string; action: 'send' | 'receive'; topic: string; messages: MessageChecks[] };
type MessageChecks = { key: string; name: string; headers: Check; payload: Check; recordKey: Check };

/** Field that names the topic of the original, where a topic carries the bytes of messages of others. */
function originOf(topic: string): string | undefined {
  if (!isFailureTopic(topic)) return undefined;
  return topic.endsWith('.dlq') ? 'dead-letter-topic' : 'retry-of';
}

/**
 * Reads the AsyncAPI documents of an export and judges records by them. A record must be exactly one message of each
 * service that reads its topic, and one of those that its sender says it sends; an older version has no such sender any
 * more. What a dead letter or a retry carries must be a message of the topic that it was on.
 */
export function readMessageContracts(files: readonly ExportFile[]): MessageContracts {
  const operations = files
    .filter(({ path }) => path.startsWith('contracts/asyncapi/'))
    .flatMap(({ path, content }) => readOperations(path.replace(/^.*\/|\.yaml$/g, ''), parse(content) as Document));
  const onTopic = (topic: string, action: Operation['action']) =>
    operations.filter((one) => one.topic === topic && one.action === action);

  function judge(record: TopicRecord): MessageVerdict {
    const { topic, partition, offset } = record;
    const about = (problem: string) => `${topic}/${partition}/${offset}: ${problem}`;
    const readers = onTopic(topic, 'receive');
    const writers = onTopic(topic, 'send');
    if (readers.length + writers.length === 0)
      return { message: null, findings: [about('the topic is not documented')] };
    const copied = originOf(topic);
    const value = copied === undefined ? parseJson(record.value) : record.value;
    // Nobody reads dead letters; people do.
    const found = (readers.length > 0 ? readers : writers).map((operation) => match(operation, record, value));
    const message = found.find(({ key }) => key !== null)?.key ?? null;
    const sender = senderOf(record, value);
    const newest = writers.some(({ messages }) => messages.some(({ key }) => key === message));
    const sends = writers.some(
      ({ service, messages }) => service === sender && messages.some(({ key }) => key === message),
    );
    const findings = [
      ...new Set(found.flatMap(({ problems }) => problems)),
      ...(newest && !sends ? [`${sender ?? 'nobody'} sent it, whose document does not say so`] : []),
      ...(copied === undefined ? [] : judgeCopy(record, copied)),
    ];
    return { message: message === null ? null : `${topic} ${message}`, findings: findings.map(about) };
  }

  function judgeCopy({ headers, value, topic }: TopicRecord, field: string): string[] {
    // A message that nobody could read may be anything.
    if (headers['dead-letter-reason'] === 'invalid') return [];
    const original = headers[field]?.split('/')[0] ?? '';
    const [service] = topic.split('.');
    const reader = onTopic(original, 'receive').find((one) => one.service === service);
    if (reader === undefined) return [`${service} does not read ${original}, where this is said to come from`];
    const json = parseJson(value) as { event?: unknown } | undefined;
    const candidates = reader.messages.filter(({ name }) => name === json?.event);
    return closest(candidates.map(({ payload }) => payload(json))) ?? [`is no message of ${original}`];
  }

  return {
    judge,
    messages: [
      ...new Set(operations.flatMap(({ topic, messages }) => messages.map(({ key }) => `${topic} ${key}`))),
    ].sort(),
  };
}

function readOperations(service: string, document: Document): Operation[] {
  const checkAt = checksOf({ components: document.components });
  const at = (key: string, ...rest: string[]) => checkAt(pointerTo('components', 'messages', key, ...rest));
  const checks = new Map(
    Object.entries(document.components.messages).map(([key, { name }]): [string, MessageChecks] => [
      key,
      {
        key,
        name,
        headers: at(key, 'headers'),
        payload: at(key, 'payload'),
        recordKey: at(key, 'bindings', 'kafka', 'key'),
      },
    ]),
  );
  return Object.values(document.operations).map(({ action, channel, messages }) => ({
    service,
    action,
    topic: document.channels[lastOf(channel)]?.address ?? '',
    messages: messages.flatMap((message) => checks.get(lastOf(message)) ?? []),
  }));
}

/** Which of the operation's messages a record is, or what keeps it from being the one that it is closest to. */
function match(
  operation: Operation,
  { key, headers }: TopicRecord,
  value: unknown,
): { key: string | null; problems: string[] } {
  const judged = operation.messages.map((message) => ({
    key: message.key,
    problems: [
      ...message.headers(headers).map((problem) => `headers ${problem}`),
      ...message.payload(value).map((problem) => `payload ${problem}`),
      ...message.recordKey(key).map((problem) => `key ${problem}`),
    ],
  }));
  const fitting = judged.filter(({ problems }) => problems.length === 0);
  if (fitting.length === 1) return { key: fitting[0]?.key ?? null, problems: [] };
  if (fitting.length > 1) return { key: null, problems: [`is ${fitting.map((one) => one.key).join(' as well as ')}`] };
  const problems = closest(judged.map((one) => one.problems)) ?? ['no message is documented here'];
  return { key: null, problems: problems.map((problem) => `for ${operation.service}: ${problem}`) };
}

/** The shortest list of problems; undefined when there is none to choose from. */
function closest(lists: readonly string[][]): string[] | undefined {
  return [...lists].sort((a, b) => a.length - b.length)[0];
}

/** Who says that they wrote it; of dead letters and retries the owner of the topic. */
function senderOf({ topic }: TopicRecord, value: unknown): string | undefined {
  if (isFailureTopic(topic)) return topic.split('.')[0];
  const { metadata = {} } = (value ?? {}) as { metadata?: { producer?: string; requester?: string; replier?: string } };
  return metadata.producer ?? metadata.requester ?? metadata.replier;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function lastOf({ $ref }: Reference): string {
  return $ref.split('/').at(-1) ?? '';
}
