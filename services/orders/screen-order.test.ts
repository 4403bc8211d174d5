import { pino } from 'pino';
import { expect, test } from 'vitest';
import { AppError } from '#contracts/errors.ts';
import type { EventOf } from '#contracts/events/registry.ts';
import { testService } from '#kit/testing/service.ts';
import { toMessage } from './messages.ts';
import { screeningFallback } from './order-patterns.ts';
import { type AskModel, screenOrder } from './screen-order.ts';
import { anOrder } from './testing/order.builder.ts';

const log = pino({ level: 'silent' });
const ruleAllowed = () => screeningFallback(testService({}).service.patterns);
const created = toMessage(anOrder(), { type: 'order.created' }) as EventOf<'order.created'>;

test('the model decides when it answers', async () => {
  const asked: unknown[] = [];
  const askModel: AskModel = async (request) => {
    asked.push(request);
    return { score: 0.9, decision: 'reject', model: 'lexical', reasons: ['velocity'] };
  };
  const score = await screenOrder({ askModel, fallback: ruleAllowed() }, created, {
    log,
    signal: new AbortController().signal,
  });
  expect(score).toEqual({ score: 0.9, decision: 'reject', model: 'lexical', reasons: ['velocity'] });
  expect(asked).toEqual([
    {
      orderId: created.data.orderId,
      customerId: created.data.customerId,
      items: [{ sku: 'LAMP-014', qty: 2 }],
      total: { amountMinor: 3998, currency: 'EUR' },
    },
  ]);
});

test('the rule decides when the model does not answer', async () => {
  const down: AskModel = () => Promise.reject(new AppError('deadline_exceeded', 'no answer within 800 ms'));
  const score = await screenOrder({ askModel: down, fallback: ruleAllowed() }, created, {
    log,
    signal: new AbortController().signal,
  });
  expect(score).toMatchObject({ model: 'rule', decision: 'accept' });
});

test('a stopping process decides nothing: the message will be delivered again', async () => {
  const stopping = new AbortController();
  const interrupted: AskModel = async (_, signal) => {
    stopping.abort(new AppError('cancelled', 'stopping'));
    throw signal.reason;
  };
  await expect(
    screenOrder({ askModel: interrupted, fallback: ruleAllowed() }, created, { log, signal: stopping.signal }),
  ).rejects.toMatchObject({
    code: 'cancelled',
  });
});
