import { connect } from 'node:net';
import { SpanKind } from '@opentelemetry/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError, type ErrorCode, isAppError } from '#contracts/errors.ts';
import { withSpan } from '../telemetry/spans.ts';
import { testService } from '../testing/service.ts';
import { recordTracing } from '../testing/tracing.ts';
import { createGrpcClient, type GrpcClient } from './client.ts';
import { startGrpcServer } from './server.ts';

const proto = new URL('../../../contracts/grpc/pricing.proto', import.meta.url);
const serviceName = 'orrery.pricing.v1.Pricing';
const tracing = recordTracing();
const { service, stop } = testService({ GRPC_PORT: 0 });
let client: GrpcClient;
let port: number;

type Request = { customerId: string; items: { sku: string; qty: number }[] };

beforeAll(async () => {
  port = await startGrpcServer(service, {
    proto,
    serviceName,
    handlers: {
      quote: async (request: Request) => {
        if (request.customerId === 'unknown') throw new AppError('not_found', 'no such SKU');
        if (request.customerId === 'bug') throw new Error('secret detail');
        if (request.customerId === 'slow') await new Promise((resolve) => setTimeout(resolve, 300));
        return { quoteId: 'q', totalMinor: 5_000_000_000, lines: request.items };
      },
    },
  });
  client = createGrpcClient({ peer: 'pricing', address: `127.0.0.1:${port}`, proto, serviceName });
});

afterAll(async () => {
  client.close();
  await stop();
});

const failure = (customerId: string, options = {}): Promise<{ code: ErrorCode; message: string } | undefined> =>
  client.call('Quote', { customerId }, options).then(
    () => undefined,
    (error) => (isAppError(error) ? error : Promise.reject(error)),
  );

test('amounts beyond 32 bits and lists arrive as they were', async () => {
  const answer = await client.call('Quote', { customerId: 'c', items: [{ sku: 'A', qty: 2 }] });
  expect(answer).toMatchObject({ quoteId: 'q', totalMinor: 5_000_000_000, lines: [{ sku: 'A', qty: 2 }] });
});

test('errors cross with their code, unexpected ones without their message', async () => {
  expect(await failure('unknown')).toMatchObject({ code: 'not_found', message: 'no such SKU' });
  const bug = await failure('bug');
  expect(bug?.code).toBe('dependency_failed');
  expect(bug?.message).not.toContain('secret');
});

test('a call ends at its deadline', async () => {
  expect(await failure('slow', { timeoutMs: 50 })).toMatchObject({ code: 'deadline_exceeded' });
});

test('an aborted call is cancelled', async () => {
  const controller = new AbortController();
  const call = failure('slow', { signal: controller.signal });
  controller.abort();
  expect(await call).toMatchObject({ code: 'cancelled' });
  expect(await failure('slow', { signal: AbortSignal.abort() })).toMatchObject({ code: 'cancelled' });
});

test('nobody listening is unavailable, and the work says whom it could not reach', async () => {
  tracing.reset();
  const nobody = createGrpcClient({ peer: 'pricing', address: '127.0.0.1:9', proto, serviceName, timeoutMs: 500 });
  const code = await withSpan('test', {}, () => nobody.call('Quote', {})).catch((error) => error.code);
  nobody.close();
  expect(['unavailable', 'deadline_exceeded']).toContain(code);
  expect(tracing.spans().map(({ attributes }) => attributes['orrery.unreachable'])).toContain('pricing');
});

test('random bytes end their connection and nothing else', async () => {
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from([255, 0, 1, 2, 250, 9, 9, 9, 9, 9])));
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.resume();
    socket.setTimeout(2_000, () => socket.destroy());
  });
  expect(await client.call('Quote', { customerId: 'c' })).toMatchObject({ quoteId: 'q' });
});

test('caller and callee share a trace, and the client span names its peer', async () => {
  tracing.reset();
  await withSpan('test', {}, () => client.call('Quote', { customerId: 'c' }));
  const spans = tracing.spans().filter((span) => span.instrumentationScope.name.includes('grpc'));
  const calling = spans.find((span) => span.kind === SpanKind.CLIENT);
  const serving = spans.find((span) => span.kind === SpanKind.SERVER);
  expect(serving?.parentSpanContext?.spanId).toBe(calling?.spanContext().spanId);
  expect(calling?.attributes['peer.service']).toBe('pricing');
});
