import type { KafkaMessage, Producer } from 'kafkajs';
import { AppError } from '#contracts/errors.ts';
import {
  type ReplyData,
  ReplyEnvelope,
  type ReplyTopic,
  type RequestData,
  RequestEnvelope,
  type RequestName,
  requests,
} from '#contracts/events/requests.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { newId } from '../ids.ts';
import type { KafkaClient } from '../kafka/client.ts';
import type { Service } from '../service.ts';
import { SpanKind, traceHeaders, withSpan } from '../telemetry/spans.ts';
import { listen } from './listen.ts';

export type AskOptions = { key: string; timeoutMs: number; signal: AbortSignal };

export type Requester = {
  /**
   * Sends a question and waits for its answer. Throws `deadline_exceeded` when none comes in time (nobody knows then
   * whether it was asked), `cancelled` on abort, `unavailable` when the broker is away, and what the answerer refused.
   */
  ask<N extends RequestName>(request: N, data: RequestData<N>, options: AskOptions): Promise<ReplyData<N>>;
};

type Waiting = { resolve: (reply: ReplyEnvelope) => void };

/**
 * Request/reply over the bus: the question goes to the answerer's topic with a correlation id, the name of our reply
 * topic and a deadline; the answer comes back on that topic with the same id. Every instance of a service reads all
 * answers, in a group of its own, and drops those to questions that it did not ask. Opened by the first question.
 */
export function createRequester(
  service: Service,
  { kafka, replyTopic }: { kafka: KafkaClient; replyTopic: ReplyTopic },
): Requester {
  const waiting = new Map<string, Waiting>();
  let opened: Promise<Producer> | null = null;

  async function open(): Promise<Producer> {
    const producer = kafka.producer();
    await producer.connect();
    service.shutdown.add('requester', () => producer.disconnect());
    const groupId = `${service.name}.replies.${newId()}`;
    await listen(service, { kafka, topic: replyTopic, groupId, onMessage: receive }).ready;
    return producer;
  }

  async function receive({ value }: KafkaMessage): Promise<void> {
    const reply = ReplyEnvelope.safeParse(parseJson(value));
    if (!reply.success) return;
    const { correlationId } = reply.data.metadata;
    // Not there: it came too late, or another instance has asked.
    waiting.get(correlationId)?.resolve(reply.data);
    waiting.delete(correlationId);
  }

  async function exchange<N extends RequestName>(
    request: N,
    data: RequestData<N>,
    { key, timeoutMs, signal }: AskOptions,
  ): Promise<ReplyData<N>> {
    const { topic, version, reply: schema } = requests[request];
    const id = newId();
    const deadline = AbortSignal.timeout(timeoutMs);
    const given = abortion(AbortSignal.any([deadline, signal]));
    const answered = new Promise<ReplyEnvelope>((resolve) => waiting.set(id, { resolve }));
    try {
      opened ??= open();
      const producer = await Promise.race([opened, given]);
      const { traceparent } = traceHeaders();
      const envelope: RequestEnvelope = {
        request,
        version,
        data,
        metadata: {
          id,
          replyTo: replyTopic,
          deadline: new Date(Date.now() + timeoutMs).toISOString(),
          requester: service.name,
          traceparent,
        },
      };
      const headers = { 'correlation-id': id, 'reply-to': replyTopic, ...traceHeaders() };
      const message = { key, value: JSON.stringify(RequestEnvelope.parse(envelope)), headers };
      await Promise.race([producer.send({ topic, acks: -1, messages: [message] }), given]);
      const reply = await Promise.race([answered, given]);
      if (reply.problem !== null) throw new AppError(reply.problem.code, reply.problem.detail);
      return schema.parse(reply.data) as ReplyData<N>;
    } catch (error) {
      if (signal.aborted) throw new AppError('cancelled', `${request} was given up`, { cause: error });
      if (!deadline.aborted) throw error;
      throw new AppError('deadline_exceeded', `${request} was not answered within ${timeoutMs} ms`, { cause: error });
    } finally {
      waiting.delete(id);
    }
  }

  return {
    ask: (request, data, options) => {
      const { topic } = requests[request];
      const attributes = {
        [names.messagingSystem]: 'kafka',
        [names.messagingDestination]: topic,
        [names.messagingKey]: options.key,
        [names.messagingOperationName]: 'send',
        [names.messagingOperationType]: 'send',
        [names.eventName]: request,
      };
      return withSpan(`ask ${topic}`, { kind: SpanKind.PRODUCER, attributes }, () => exchange(request, data, options));
    },
  };
}

/** Rejects when the signal aborts. */
function abortion(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => {});
  return aborted;
}

function parseJson(value: Buffer | null): unknown {
  try {
    return JSON.parse(value?.toString() ?? '');
  } catch {
    return null;
  }
}
