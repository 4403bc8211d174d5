import { expect, test } from 'vitest';
import { createHealth } from './health.ts';

test('ready only when started, every dependency answers, and not draining', async () => {
  const health = createHealth();
  health.addCheck('postgres', async () => {});
  expect((await health.report()).ready).toBe(false);
  health.started();
  expect((await health.report()).ready).toBe(true);
  health.drain();
  expect(await health.report()).toMatchObject({ ready: false, checks: { lifecycle: { error: 'draining' } } });
});

test('an optional dependency that is gone is shown and costs no readiness', async () => {
  const health = createHealth();
  health.started();
  health.addCheck('valkey', () => Promise.reject(new Error('gone')), { optional: true });
  expect(await health.report()).toMatchObject({
    ready: true,
    checks: { valkey: { ok: false, optional: true, error: 'gone' } },
  });
  health.addCheck('postgres', () => Promise.reject(new Error('gone, too')));
  expect((await health.report()).ready).toBe(false);
});

test('a check that throws, rejects or does not answer names its reason', async () => {
  const health = createHealth();
  health.started();
  health.addCheck('throws', () => {
    throw new Error('at once');
  });
  health.addCheck('rejects', () => Promise.reject(new Error('later')));
  health.addCheck('hangs', () => new Promise(() => {}));
  health.addCheck('explains', () => Promise.reject(new Error('no answer', { cause: new Error('refused') })));
  const report = await health.report(20);
  expect(report.ready).toBe(false);
  expect(report.checks).toMatchObject({
    throws: { error: 'at once' },
    rejects: { error: 'later' },
    hangs: { error: 'no answer within 20 ms' },
    explains: { error: 'no answer: refused' },
  });
});
