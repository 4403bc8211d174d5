import { expect, test } from 'vitest';
import { span } from '#components/traces/testing.ts';
import type { OrderView, TimelineEntry } from '#contracts/http/history.ts';
import { type Twin, twinFigures, twinSteps } from './twin.ts';

const startMs = Date.parse('2026-11-22T10:00:00.000Z');
const entry = (event: string, ms: number, topic = 'orders.events') =>
  ({
    messageId: `${event} ${ms}`,
    event,
    producer: 'orders',
    occurredAt: new Date(startMs + ms).toISOString(),
    receivedAt: new Date(startMs + ms + 5).toISOString(),
    topic,
    data: {},
  }) as unknown as TimelineEntry;
const order = (finishedMs: number | null) =>
  ({
    status: finishedMs === null ? 'screened' : 'confirmed',
    createdAt: new Date(startMs).toISOString(),
    finishedAt: finishedMs === null ? null : new Date(startMs + finishedMs).toISOString(),
  }) as OrderView;
const consumer = (id: string, message: string, group: string, duplicate = false) =>
  span(id, {
    kind: 'consumer',
    service: group,
    parent: 'root',
    attributes: {
      'messaging.message.id': message,
      'messaging.consumer.group.name': group,
      ...(duplicate ? { 'orrery.message.duplicate': true } : {}),
    },
  });

const commanded: Twin = {
  order: order(120),
  timeline: [
    entry('order.created', 0),
    entry('order.screened', 40),
    entry('inventory.reserve', 41, 'inventory.commands'),
    entry('inventory.reserve', 60, 'inventory.commands'),
    entry('inventory.reserved', 80),
  ],
  spans: [
    span('root', { kind: 'server', ms: 12 }),
    consumer('a', 'order.created 0', 'orders'),
    consumer('b', 'order.created 0', 'history'),
    consumer('c', 'inventory.reserve 60', 'inventory', true),
  ],
};

test('messages, handlings and recovery are counted; who only watches is not', () => {
  expect(twinFigures(commanded)).toMatchObject({
    ...{ acceptedMs: 12, tookMs: 120, events: 3, commands: 2, handlings: 2, spans: 4 },
    ...{ commandsRepeated: 1, duplicates: 1, failedSpans: 0, undone: 0 },
  });
});

test('steps of both stand on one axis, what runs reaches to now, and what neither took is left out', () => {
  const choreographed: Twin = { order: order(null), timeline: commanded.timeline.slice(0, 2), spans: [] };
  const steps = twinSteps([choreographed, commanded], startMs + 500);
  const reserved = steps.find(({ id }) => id === 'reserved');
  expect(reserved?.bars).toEqual([
    { fromMs: 40, toMs: 500, state: 'running' },
    { fromMs: 40, toMs: 80, state: 'done' },
  ]);
  expect(steps.map(({ id }) => id)).not.toContain('refunded');
  expect(twinSteps([null, null], startMs)).toEqual([]);
});
