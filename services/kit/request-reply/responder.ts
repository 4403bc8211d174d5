import type { KafkaMessage, Producer } from 'kafkajs';
import { AppError, isAppError } from '#contracts/errors.ts';
import {
  type ReplyData,
  type ReplyEnvelope,
  type RequestData,
  RequestEnvelope,
  type RequestName,
  type RequestTopic,
  requests,
} from '#contracts/events/requests.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { KafkaClient } from '../kafka/client.ts';
import type { Service } from '../service.ts';
import { SpanKind, type TraceHeaders, traceHeaders, withSpan } from '../telemetry/spans.ts';
import { listen } from './listen.ts';

/** One answerer per question; it changes nothing. What it throws as AppError is the answer, too. */
export type Answers = { [N in RequestName]?: (data: RequestData<N>) => Promise<ReplyData<N>> };

/**
 * Answers questions from a topic until the service stops: at most once each, and not at all when their deadline has
 * passed, because nobody waits any more. The answer goes to the reply topic that the question names, which must be one
 * of the contract's.
 */
export function startResponder(
  service: Service,
  { kafka, topic, answers }: { kafka: KafkaClient; topic: RequestTopic; answers: Answers },
): void {
  const producer = kafka.producer();
  let connected: Promise<void> | null = null;
  const { log } = service;

  async function onMessage({ value, headers }: KafkaMessage): Promise<void> {
    try {
      const envelope = RequestEnvelope.parse(JSON.parse(value?.toString() ?? ''));
      const leftMs = Date.parse(envelope.metadata.deadline) - Date.now();
      if (leftMs <= 0) return;
      connected ??= producer.connect();
      await connected;
      const parent: TraceHeaders = { traceparent: headers?.traceparent?.toString() };
      const attributes = {
        [names.messagingSystem]: 'kafka',
        [names.messagingDestination]: topic,
        [names.messagingOperationName]: 'process',
        [names.messagingOperationType]: 'process',
        [names.eventName]: envelope.request,
      };
      await withSpan(`answer ${topic}`, { kind: SpanKind.CONSUMER, parent, attributes }, () =>
        // The next question must not wait for one that nobody waits for.
        within(answer(producer, envelope), leftMs),
      );
    } catch (error) {
      connected = null;
      log.warn({ topic, error }, 'question not answered');
    }
  }

  async function answer(sender: Producer, { request, data, metadata }: RequestEnvelope): Promise<void> {
    const { id: correlationId, replyTo } = metadata;
    const trace = traceHeaders();
    const reply: ReplyEnvelope = {
      request,
      ...(await outcome(request, data)),
      metadata: { correlationId, replier: service.name, traceparent: trace.traceparent },
    };
    const message = {
      key: correlationId,
      value: JSON.stringify(reply),
      headers: { 'correlation-id': correlationId, ...trace },
    };
    await sender.send({ topic: replyTo, acks: -1, messages: [message] });
  }

  async function outcome(request: RequestName, data: unknown): Promise<Pick<ReplyEnvelope, 'data' | 'problem'>> {
    const handler = answers[request];
    if (handler === undefined) return refused('not_found', `${service.name} does not answer ${request}`);
    const asked = requests[request].data.safeParse(data);
    if (!asked.success) return refused('invalid_argument', `${request} is not asked like that`);
    try {
      return { data: await handler(asked.data), problem: null };
    } catch (error) {
      if (isAppError(error)) return refused(error.code, error.message);
      log.error({ request, error }, 'answering failed');
      return refused('internal', `${service.name} could not answer`);
    }
  }

  listen(service, { kafka, topic, groupId: `${service.name}.requests`, onMessage });
  service.shutdown.add('responder', () => producer.disconnect());
}

/** Waits for `work`, but no longer than this. Throws `deadline_exceeded`. */
async function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('deadline_exceeded', 'nobody waits for the answer any more')), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function refused(code: NonNullable<ReplyEnvelope['problem']>['code'], detail: string) {
  return { data: null, problem: { code, detail } };
}
