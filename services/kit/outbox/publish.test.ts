import type { Producer, ProducerBatch } from 'kafkajs';
import { expect, test } from 'vitest';
import { publishRows } from './publish.ts';
import type { WaitingRow } from './rows.ts';

function row(id: string, key: string, body = '{"metadata":{}}'): WaitingRow {
  return { id, topic: 't', key, type: 'order.created', payload: body, raw: null, headers: {}, ageMs: 1 };
}

/** A broker that refuses batches holding one of the ids, and goes away when told so. */
function fakeProducer(options: { refuses?: string[]; down?: boolean; error?: string }) {
  const sent: string[][] = [];
  const producer = {
    async sendBatch(batch: ProducerBatch) {
      if (options.down) throw new Error('no broker');
      const ids = (batch.topicMessages ?? []).flatMap((topic) =>
        topic.messages.map((message) => String(message.headers?.['message-id'])),
      );
      if (ids.some((id) => options.refuses?.includes(id)))
        throw Object.assign(new Error('refused'), { type: options.error ?? 'MESSAGE_TOO_LARGE' });
      sent.push(ids);
      return [];
    },
  } as unknown as Producer;
  return { producer, sent };
}

test('rows go out together, in order', async () => {
  const { producer, sent } = fakeProducer({});
  expect(await publishRows(producer, [row('1', 'a'), row('2', 'b'), row('3', 'a')])).toEqual({
    acknowledged: ['1', '2', '3'],
    poison: [],
  });
  expect(sent).toEqual([['1', '2', '3']]);
});

test('a row that the broker refuses is parked, later rows of its key stay, all others go out', async () => {
  const { producer } = fakeProducer({ refuses: ['2'] });
  const result = await publishRows(producer, [row('1', 'a'), row('2', 'b'), row('3', 'a'), row('4', 'b')]);
  expect(result.acknowledged).toEqual(['1', '3']);
  expect(result.poison.map((poison) => poison.row.id)).toEqual(['2']);
  expect(result.error).toBeUndefined();
});

test('a row that is too large is not even sent', async () => {
  const { producer, sent } = fakeProducer({});
  const result = await publishRows(producer, [
    row('1', 'a', JSON.stringify({ metadata: {}, data: 'x'.repeat(1_000_000) })),
    row('2', 'a'),
    row('3', 'b'),
  ]);
  expect(result.poison.map((poison) => poison.row.id)).toEqual(['1']);
  expect(sent).toEqual([['3']]);
});

test('while the broker is down everything waits and nothing is parked', async () => {
  const { producer } = fakeProducer({ down: true });
  const result = await publishRows(producer, [row('1', 'a')]);
  expect(result).toMatchObject({ acknowledged: [], poison: [], error: { message: 'no broker' } });
});
