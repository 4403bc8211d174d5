/** One order must be one trace: the span that stored a row, its publication, its handling, and the SQL of that. */
import { SpanKind } from '@opentelemetry/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { topics } from '#contracts/events/topics.ts';
import { startBroker, type TestBroker } from '#tests/support/broker.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { newId } from '../ids.ts';
import { startRelay } from '../outbox/relay.ts';
import type { Database } from '../postgres/database.ts';
import { withSpan } from '../telemetry/spans.ts';
import { enqueueTestEvent, recordTopic, testDatabase } from '../testing/pipeline.ts';
import { testService } from '../testing/service.ts';
import { recordTracing } from '../testing/tracing.ts';
import { createKafka } from './client.ts';
import { startConsumer } from './consumer.ts';

const tracing = recordTracing();
let postgres: TestPostgres;
let broker: TestBroker;
let db: Database;

beforeAll(async () => {
  [postgres, broker] = await Promise.all([startPostgres(), startBroker()]);
  db = await testDatabase(await postgres.createDatabase());
}, 60_000);

afterAll(async () => {
  await db?.close();
  await Promise.all([broker?.stop(), postgres?.stop()]);
});

test('an event continues the trace of what caused it, and polling leaves no spans', async () => {
  const { service, stop } = testService({}, { name: 'traced' });
  const kafka = createKafka({ brokers: [broker.address], clientId: 'traced', log: service.log });
  startRelay(service, { db, kafka, topics: [topics.orders] });
  startConsumer(service, {
    db,
    kafka,
    topics: [topics.orders],
    handlers: {
      'order.compensating': async (tx) => {
        await tx.query('select 42 as handled');
      },
    },
  });
  const observer = await recordTopic([broker.address], topics.orders);
  const orderId = newId();
  tracing.reset();
  const rootId = await withSpan('POST /orders', { kind: SpanKind.SERVER }, async (span) => {
    await enqueueTestEvent(db, orderId, 1);
    return span.spanContext();
  });
  const spans = await until('the handler’s spans', () => {
    const all = tracing.spans();
    return all.some((span) => span.name.startsWith('process')) ? all : null;
  });
  await until('the record', () => (observer.records.length > 0 ? true : null));
  await observer.stop();
  await stop();

  const named = (name: string) => spans.find((span) => span.name === name);
  const [sending, processing] = [named('send orders.events'), named('process orders.events')];
  const handlerSql = spans.find((span) => String(span.attributes['db.query.text']).includes('handled'));
  const insert = spans.find((span) => String(span.attributes['db.query.text']).includes('insert into outbox'));
  expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([rootId.traceId]));
  expect(insert?.parentSpanContext?.spanId).toBe(rootId.spanId);
  expect(insert?.attributes['peer.service']).toBe('postgres');
  expect(sending).toMatchObject({ kind: SpanKind.PRODUCER, parentSpanContext: { spanId: rootId.spanId } });
  expect(processing).toMatchObject({
    kind: SpanKind.CONSUMER,
    parentSpanContext: { spanId: sending?.spanContext().spanId },
  });
  expect(handlerSql?.parentSpanContext?.spanId).toBe(processing?.spanContext().spanId);
  expect(processing?.attributes).toMatchObject({
    'messaging.system': 'kafka',
    'messaging.destination.name': 'orders.events',
    'messaging.consumer.group.name': 'traced',
    'orrery.event.name': 'order.compensating',
    'orrery.order.id': orderId,
  });
  const [record] = observer.records;
  const traceparent = `00-${rootId.traceId}-${sending?.spanContext().spanId}-01`;
  expect(record?.headers.traceparent).toBe(traceparent);
  expect(JSON.parse(record?.value ?? '').metadata.traceparent).toBe(traceparent);
}, 30_000);
