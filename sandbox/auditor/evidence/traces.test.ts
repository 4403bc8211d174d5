import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openTraces } from './traces.ts';

const url = 'http://telemetry.test:1';
const msw = setupServer();
beforeAll(() => msw.listen({ onUnhandledRequest: 'error' }));
afterEach(() => msw.resetHandlers());
afterAll(() => msw.close());

test('searches of traces are partial: half an answer is more evidence than a refusal', async () => {
  const asked: unknown[] = [];
  const nothing = { hasMore: true, elapsedMs: 1, sql: '' };
  msw.use(
    http.post(`${url}/api/traces/search`, async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json({ ...nothing, traces: [] });
    }),
    http.post(`${url}/api/logs/search`, () => HttpResponse.json({ ...nothing, logs: [] })),
  );
  const traces = openTraces({ url, token: 'secret' });
  expect(await traces.search([{ field: 'status', op: 'eq', value: 'error' }], 10)).toEqual([]);
  expect(await traces.placesOf('@example.com', 5)).toEqual([]);
  expect(asked).toMatchObject([
    { partial: true, limit: 10 },
    { partial: true, limit: 1, filter: { text: '@example.com' } },
  ]);
});

test('a refusal is told with its status and why', async () => {
  const problem = {
    type: '/problems/unprocessable',
    title: 'x',
    status: 422,
    code: 'unprocessable',
    detail: 'too much',
  };
  msw.use(http.post(`${url}/api/traces/search`, () => HttpResponse.json(problem, { status: 422 })));
  await expect(openTraces({ url, token: 'secret' }).search([], 1)).rejects.toMatchObject({
    code: 'unavailable',
    message: `${url}/api/traces/search answered 422: too much`,
  });
});
