import { expect, test } from 'vitest';
import { parseServerSentEvents, type ServerSentEvent } from './sse.ts';

async function parse(...chunks: string[]): Promise<ServerSentEvent[]> {
  async function* source() {
    yield* chunks;
  }
  const events: ServerSentEvent[] = [];
  for await (const event of parseServerSentEvents(source())) events.push(event);
  return events;
}

test('an event may be cut anywhere', async () => {
  const text = 'id: 7\nevent: process\ndata: {"a":\ndata: 1}\n\n: ping\n\ndata: x\n\n';
  const whole = await parse(text);
  expect(whole).toEqual([
    { event: 'process', id: '7', data: '{"a":\n1}' },
    { event: 'message', id: '7', data: 'x' },
  ]);
  expect(await parse(...text)).toEqual(whole);
});

test('carriage returns end lines too, also between two chunks', async () => {
  expect(await parse('data: a\r', '\n\r\ndata: b\r\n\r\n')).toEqual([
    { event: 'message', id: null, data: 'a' },
    { event: 'message', id: null, data: 'b' },
  ]);
});

test('an unfinished event is not delivered', async () => {
  expect(await parse('data: a\n')).toEqual([]);
});
