import { expect, test } from 'vitest';
import { mapCaption } from './caption.ts';
import { buildMap, isolate, shownEdges } from './map-model.ts';
import { smallTopology, status, traffic } from './testing.ts';

const processes = smallTopology.processes.map(({ name }) => status(name));
const red = (...edges: ReturnType<typeof traffic>[]) => ({ services: [], edges });

test('observed traffic lies on the expected edge, whichever way the topology writes a consumer', () => {
  const map = buildMap(
    smallTopology,
    processes,
    red(traffic('orders.events', 'billing', 'kafka-consume', { count: 7 })),
  );
  expect(map.edges).toHaveLength(smallTopology.edges.length);
  expect(map.edges.find(({ from, to }) => from === 'orders.events' && to === 'billing')).toMatchObject({
    expected: true,
    layer: 'events',
    red: { count: 7 },
  });
});

test('traffic where no edge is expected is a finding, also to somewhere unknown', () => {
  const map = buildMap(
    smallTopology,
    processes,
    red(traffic('gateway', 'pricing', 'http'), traffic('billing', '127.0.0.1:9', 'http')),
  );
  expect(map.edges.filter(({ expected }) => !expected).map(({ from, to }) => [from, to])).toEqual([
    ['gateway', 'pricing'],
    ['billing', '127.0.0.1:9'],
  ]);
  expect(map.nodes.find(({ id }) => id === '127.0.0.1:9')?.kind).toBe('unknown');
  expect(shownEdges(map, new Set()).map(({ expected }) => expected)).toEqual([false, false]);
});

test('the database has the queries of all, the broker the messages', () => {
  const map = buildMap(
    smallTopology,
    processes,
    red(
      traffic('orders', 'postgres', 'postgres', { ratePerSecond: 3, count: 30, errorRatio: 0.1 }),
      traffic('billing', 'postgres', 'postgres', { ratePerSecond: 1, count: 10 }),
    ),
  );
  const place = (id: string) => map.nodes.find((node) => node.id === id);
  expect(place('postgres')).toMatchObject({ red: { ratePerSecond: 4, errorRatio: 0.075, count: 40, p95Ms: null } });
  expect(place('broker')).toMatchObject({ red: null });
});

test('layers hide what is not asked for', () => {
  const map = buildMap(smallTopology, processes, null);
  expect(shownEdges(map, new Set(['calls'])).map(({ id }) => id)).toEqual([
    'gateway http orders',
    'orders grpc pricing',
  ]);
});

test('a place is isolated with all it talks to, hidden layers included', () => {
  const { nodes, edges } = isolate(buildMap(smallTopology, processes, null), 'billing');
  expect([...nodes].sort()).toEqual(['billing', 'orders.events', 'postgres']);
  expect(edges.size).toBe(2);
});

test('the caption tells health, traffic, the worst edge and what is unexpected', () => {
  const map = buildMap(
    smallTopology,
    processes.map((one) => (one.name === 'pricing' ? status('pricing', 'paused') : one)),
    red(
      traffic('gateway', 'orders', 'http', { ratePerSecond: 3.2, p95Ms: 374 }),
      traffic('orders', 'pricing', 'grpc', { ratePerSecond: 1, errorRatio: 0.12 }),
      traffic('orders', 'orders.events', 'kafka-produce', { ratePerSecond: 4 }),
      traffic('gateway', 'pricing', 'http', { ratePerSecond: 0.1 }),
    ),
  );
  expect(mapCaption(map, 60)).toBe(
    '5 of 6 processes run; pricing is paused. 4.3 calls and 4.0 messages a second over the last 60 s. ' +
      'Busiest call: gateway → orders, 3.2/s, p95 374 ms. Failing: orders → pricing 12.0 %. ' +
      'Not in the topology: gateway → pricing.',
  );
});

test('without traffic the caption says so', () => {
  expect(mapCaption(buildMap(smallTopology, processes, red()), 60)).toBe(
    'All 6 processes run. No traffic in the last 60 s.',
  );
});
