import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AppError } from '#contracts/errors.ts';
import { replyTopics, requestTopics } from '#contracts/events/requests.ts';
import { startBroker, type TestBroker } from '#tests/support/broker.ts';
import { until } from '#tests/support/until.ts';
import { newId } from '../ids.ts';
import { openKafka } from '../kafka/client.ts';
import { testService } from '../testing/service.ts';
import { createRequester } from './requester.ts';
import { type Answers, startResponder } from './responder.ts';

let broker: TestBroker;

beforeAll(async () => {
  broker = await startBroker();
}, 60_000);
afterAll(() => broker?.stop(), 30_000);

const stops: (() => Promise<void>)[] = [];
beforeEach(() => async () => {
  for (const stop of stops.splice(0)) await stop();
});

function billing(answer: Answers['billing.describe_payment']) {
  const { service, stop } = testService({ KAFKA_BROKERS: broker.address }, { name: 'billing' });
  stops.push(stop);
  const answers = { 'billing.describe_payment': answer };
  startResponder(service, { kafka: openKafka(service), topic: requestTopics.billing, answers });
}

/** An instance of orders; `ask` waits as long as it is told. */
function orders() {
  const { service, stop } = testService({ KAFKA_BROKERS: broker.address }, { name: 'orders' });
  stops.push(stop);
  const requester = createRequester(service, { kafka: openKafka(service), replyTopic: replyTopics.orders });
  return (orderId: string, timeoutMs = 20_000) =>
    requester.ask('billing.describe_payment', { orderId }, { key: orderId, timeoutMs, signal: service.signal });
}

/** The answerer joins its group while the first questions are asked, and questions are kept for nobody. */
const answered = (ask: ReturnType<typeof orders>) =>
  until('billing answers', () => ask(newId(), 3_000).catch(() => null), { withinMs: 30_000 });

test('each asker gets the answer to its own question, also when they share the reply topic', async () => {
  billing(async ({ orderId }) => {
    if (orderId.endsWith('0')) throw new AppError('not_found', `no payment of ${orderId}`);
    return { payment: null };
  });
  const [one, two] = [orders(), orders()];
  await Promise.all([answered(one), answered(two)]);
  expect(await Promise.all([one(newId().replace(/.$/, '1')), two(newId().replace(/.$/, '2'))])).toEqual([
    { payment: null },
    { payment: null },
  ]);
  await expect(one(newId().replace(/.$/, '0'))).rejects.toMatchObject({ code: 'not_found' });
});

test('a question that nobody answers ends at its deadline, and says that it may have been asked', async () => {
  let asked = 0;
  billing(async () => {
    asked += 1;
    if (asked > 1) await new Promise(() => {});
    return { payment: null };
  });
  const ask = orders();
  await answered(ask);
  await expect(ask(newId(), 500)).rejects.toMatchObject({ code: 'deadline_exceeded', retryable: true });
});
