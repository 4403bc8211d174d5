import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { TraceSearchResult, TraceSummary } from '#contracts/telemetry/query.ts';
import { createTouchedTraces } from './touched-traces.ts';

const url = 'http://telemetry.test:1';
const msw = setupServer();
beforeAll(() => msw.listen({ onUnhandledRequest: 'error' }));
afterEach(() => msw.resetHandlers());
afterAll(() => msw.close());

const summary: TraceSummary = {
  traceId: 'a'.repeat(32),
  rootName: 'work',
  rootService: 'orders',
  rootMissing: false,
  startUnixNano: '1',
  durationNano: 1,
  spanCount: 1,
  errorCount: 0,
  injectedCount: 0,
  faults: [],
  services: [],
  orderId: null,
  lastArrivalMs: 0,
};

test('counts what a partial search finds, and asks once in a while', async () => {
  const asked: unknown[] = [];
  const answer: TraceSearchResult = { traces: [summary, summary], hasMore: true, elapsedMs: 1, sql: '' };
  msw.use(
    http.post(`${url}/api/traces/search`, async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json(answer);
    }),
  );
  const touched = createTouchedTraces(url, 'secret');
  expect([await touched('fault-1'), await touched('fault-1')]).toEqual([2, 2]);
  expect(asked).toMatchObject([{ partial: true, filter: { conditions: [{ value: 'fault-1' }] } }]);
});

test('a refusal is told with its status and why', async () => {
  const detail = 'read 500 traces without filling the page';
  const problem = { type: '/problems/unprocessable', title: 'x', status: 422, code: 'unprocessable', detail };
  msw.use(http.post(`${url}/api/traces/search`, () => HttpResponse.json(problem, { status: 422 })));
  await expect(createTouchedTraces(url, 'secret')('fault-1')).rejects.toMatchObject({
    code: 'unavailable',
    message: `the telemetry store answers 422 to a search for traces: ${detail}`,
  });
  msw.use(http.post(`${url}/api/traces/search`, () => HttpResponse.text('<html>', { status: 502 })));
  await expect(createTouchedTraces(url, 'secret')('fault-1')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('502'),
  });
});
