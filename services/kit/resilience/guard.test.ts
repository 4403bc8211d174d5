import { expect, test } from 'vitest';
import { AppError, isAppError } from '#contracts/errors.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { withSpan } from '../telemetry/spans.ts';
import { testService } from '../testing/service.ts';
import { recordTracing } from '../testing/tracing.ts';
import { createGuard } from './guard.ts';

const tracing = recordTracing();

function make() {
  const lines: string[] = [];
  const { service } = testService({}, { logLines: (line) => lines.push(line) });
  let nowMs = 0;
  const guard = createGuard({ ...service, peer: 'payments', now: () => nowMs });
  const fail = () => Promise.reject(new AppError('unavailable', 'down'));
  const refuse = () => Promise.reject(new AppError('not_found', 'no such charge'));
  const part = async (pattern: string) =>
    (await service.patterns.list()).find((known) => known.pattern === pattern)?.parts[0]?.facts;
  return { guard, service, lines, fail, refuse, part, wait: (ms: number) => (nowMs += ms) };
}

async function times(n: number, call: () => Promise<unknown>): Promise<unknown[]> {
  const errors: unknown[] = [];
  for (let i = 0; i < n; i += 1) errors.push(await call().catch((error: unknown) => error));
  return errors;
}

test('after failures it fails fast without a call, says so, and comes back by itself', async () => {
  const { guard, fail, lines, part, wait } = make();
  await times(5, () => guard.run(fail));
  expect(await part('circuit-breaker')).toMatchObject({ state: 'open', opened: 1 });
  expect(lines.some((line) => line.includes('circuit breaker opened'))).toBe(true);
  let calls = 0;
  const [error] = await times(1, () =>
    guard.run(async () => {
      calls += 1;
    }),
  );
  expect(calls).toBe(0);
  expect(isAppError(error, 'unavailable')).toBe(true);
  expect(await part('circuit-breaker')).toMatchObject({ rejected: 1 });
  wait(1_000);
  await guard.run(async () => 'up');
  await guard.run(async () => 'up');
  expect(await part('circuit-breaker')).toMatchObject({ state: 'closed' });
});

test('work that is refused at once says whom it could not reach', async () => {
  const { guard, fail } = make();
  tracing.reset();
  const call = () => withSpan('work', {}, () => guard.run(fail)).catch(() => {});
  for (let n = 0; n < 6; n += 1) await call();
  expect(tracing.spans().map(({ attributes }) => attributes[names.unreachable])).toEqual([
    ...Array.from({ length: 5 }, () => undefined),
    'payments',
  ]);
});

test('what the upstream refuses for good reason does not open it', async () => {
  const { guard, refuse, part } = make();
  await times(30, () => guard.run(refuse));
  expect(await part('circuit-breaker')).toMatchObject({ state: 'closed', opened: 0 });
});

test('switched off, each part lets everything through', async () => {
  const { guard, service, fail } = make();
  await service.patterns.set('circuit-breaker', false);
  const errors = await times(20, () => guard.run(fail));
  expect(errors.every((error) => (error as Error).message === 'down')).toBe(true);
  for (let n = 0; n < 10; n += 1) guard.mayRetry();
  expect(guard.mayRetry()).toBe(false);
  await service.patterns.set('retry-budget', false);
  expect(guard.mayRetry()).toBe(true);
  await service.patterns.set('retry', false);
  expect(guard.mayRetry()).toBe(false);
  expect(guard.hasTimeout()).toBe(true);
  await service.patterns.set('timeout', false);
  expect(guard.hasTimeout()).toBe(false);
});

test('a bulkhead that is switched off lets more calls in than it has room for', async () => {
  const { guard, service } = make();
  let inside = 0;
  const open = Promise.withResolvers<void>();
  const calls = (count: number) =>
    Array.from({ length: count }, () =>
      guard
        .run(() => {
          inside += 1;
          return open.promise;
        })
        .catch(() => {}),
    );
  const room = calls(1_000);
  await new Promise(setImmediate);
  const most = inside;
  expect(most).toBeLessThan(1_000);
  await service.patterns.set('bulkhead', false);
  const more = calls(100);
  await new Promise(setImmediate);
  expect(inside).toBe(most + 100);
  open.resolve();
  await Promise.all([...room, ...more]);
});
