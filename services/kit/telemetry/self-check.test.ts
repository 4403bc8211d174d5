import { expect, test } from 'vitest';
import { testService } from '../testing/service.ts';
import { recordTracing } from '../testing/tracing.ts';
import { createSelfCheck } from './self-check.ts';
import { tracer, withSpan } from './spans.ts';

const tracing = recordTracing();

function selfCheck() {
  const lines: Record<string, unknown>[] = [];
  const { log } = testService({}, { logLines: (line) => lines.push(JSON.parse(line)) }).service;
  return { check: createSelfCheck({ ledger: tracing.ledger, log, timeoutMs: 50 }), lines };
}

test('an instrumentation that records is fine, and its trace is not exported', async () => {
  tracing.reset();
  const { check, lines } = selfCheck();
  check.add('kit', 'orrery.kit', () => withSpan('probe', {}, async () => {}));
  expect(await check.run()).toMatchObject({ state: 'ok', instrumentations: { kit: { ok: true } } });
  expect(lines.at(-1)).toMatchObject({ level: 'info', message: 'telemetry self-check passed' });
  expect(tracing.spans()).toEqual([]);
  tracer().startSpan('afterwards').end();
  expect(tracing.spans().map((span) => span.name)).toEqual(['afterwards']);
});

test('one that records nothing, and one whose probe fails, are reported by name', async () => {
  const { check, lines } = selfCheck();
  check.add('pg', 'instrumentation-pg', async () => {});
  check.add('http', 'instrumentation-http', async () => {
    throw new Error('refused');
  });
  expect(await check.run()).toMatchObject({
    state: 'failed',
    instrumentations: { pg: { ok: false, spans: 0 }, http: { ok: false, error: 'refused' } },
  });
  const warnings = lines.filter((line) => line.level === 'warn');
  expect(warnings.map((line) => line.instrumentation)).toEqual(['pg', 'http']);
});

test('a process that stops in the middle of it is not judged', async () => {
  const { check, lines } = selfCheck();
  const stopping = new AbortController();
  check.add('http', 'instrumentation-http', async () => {
    stopping.abort();
    throw new Error('the server is closed');
  });
  expect(await check.run(stopping.signal)).toMatchObject({ state: 'pending' });
  expect(lines).toEqual([]);
});
