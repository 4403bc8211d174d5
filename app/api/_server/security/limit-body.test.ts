import { expect, test } from 'vitest';
import { limitBody } from './limit-body.ts';

function chunked(chunks: string[]): Request {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  return new Request('http://127.0.0.1/', { method: 'POST', body, duplex: 'half' } as RequestInit);
}

test('a body within the limit arrives whole', async () => {
  const request = await limitBody(chunked(['{"a":', '1}']), 16);
  expect(await request?.json()).toEqual({ a: 1 });
});

test('attack: a chunked body without Content-Length stops at the limit', async () => {
  expect(await limitBody(chunked(Array.from({ length: 100 }, () => 'x'.repeat(10))), 64)).toBeNull();
});
