import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { openEventStream } from './sse.ts';

test('everybody who waits for a slow reader waits with one listener, and goes on when it has read', async () => {
  const response = Object.assign(new EventEmitter(), {
    writeHead() {},
    write: () => false,
    destroyed: false,
    writableEnded: false,
    writableLength: 0,
    writableNeedDrain: true,
  });
  const stream = openEventStream(response as unknown as ServerResponse, () => {});
  const closers = response.listenerCount('close');
  const waiting = Array.from({ length: 20 }, () => stream.drained());
  expect(response.listenerCount('drain')).toBe(1);
  response.emit('drain');
  await Promise.all(waiting);
  const later = stream.drained();
  expect(response.listenerCount('drain')).toBe(1);
  response.emit('close');
  await later;
  expect([response.listenerCount('drain'), response.listenerCount('close')]).toEqual([0, closers - 1]);
});
