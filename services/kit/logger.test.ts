import { context, TraceFlags, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

function logged(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  const lines: string[] = [];
  const log = createLogger({
    service: 'orders',
    version: '1.2.3',
    instance: 'orders-1',
    env: 'test',
    level: 'info',
    stream: { write: (line) => lines.push(line) },
  });
  write(log);
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '');
}

test('a line carries the fields that the log store indexes', () => {
  const line = logged((log) => log.info({ orderId: 'o1' }, 'order placed'));
  expect(line).toMatchObject({
    level: 'info',
    service: 'orders',
    instance: 'orders-1',
    env: 'test',
    message: 'order placed',
    orderId: 'o1',
  });
  expect(line.timestamp).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test('an error keeps its type, message and stack', () => {
  const line = logged((log) => log.error({ error: new TypeError('boom') }, 'failed'));
  expect(line.error).toMatchObject({
    type: 'TypeError',
    message: 'boom',
    stack: expect.stringContaining('logger.test'),
  });
});

test('credentials and personal data are not written, in child loggers neither', () => {
  const line = logged((log) => log.child({ email: 'a@b.c' }).info({ headers: { authorization: 'Bearer x' } }, 'x'));
  expect(JSON.stringify(line)).not.toMatch(/a@b\.c|Bearer/);
});

test('inside a span its ids are attached', () => {
  const manager = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(manager);
  const span = trace.wrapSpanContext({
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    traceFlags: TraceFlags.SAMPLED,
  });
  const line = context.with(trace.setSpan(context.active(), span), () => logged((log) => log.info('x')));
  context.disable();
  expect(line).toMatchObject({ trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) });
});
