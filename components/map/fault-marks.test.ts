import { expect, test } from 'vitest';
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import { edgeTarget, faultMarks, marksText } from './fault-marks.ts';
import { buildMap } from './map-model.ts';
import { smallTopology, traffic } from './testing.ts';

const map = buildMap(smallTopology, [], { services: [], edges: [traffic('gateway', 'pricing', 'http')] });
const edge = (from: string, to: string) => {
  const found = map.edges.find((one) => one.from === from && one.to === to);
  if (found === undefined) throw new Error(`no edge ${from} ${to}`);
  return found;
};
const fault = (target: string, state = 'biting', title = 'Crash') => ({ target, state, title }) as FaultRun;

test('a fault reaches an edge by the name of its way; topics are reached at the broker', () => {
  expect(edgeTarget(edge('gateway', 'orders'))).toBe('gateway-orders-http');
  expect(edgeTarget(edge('orders', 'pricing'))).toBe('orders-pricing-grpc');
  expect(edgeTarget(edge('orders', 'orders.events'))).toBe('orders-broker-kafka');
  expect(edgeTarget(edge('orders.events', 'billing'))).toBe('billing-broker-kafka');
});

test('nothing reaches what has no proxy', () => {
  expect(edgeTarget(edge('gateway', 'pricing'))).toBeNull();
  expect(edgeTarget({ ...edge('gateway', 'orders'), protocol: 'otlp' })).toBeNull();
  expect(edgeTarget({ ...edge('gateway', 'orders'), from: 'auditor' })).toBeNull();
});

test('places and edges are marked while a fault is on them, and no longer', () => {
  const marks = faultMarks(map, [
    fault('billing'),
    fault('orders-pricing-grpc', 'armed', 'Latency'),
    fault('orders', 'reverted'),
  ]);
  expect([...marks.places]).toEqual([['billing', 'Crash']]);
  expect([...marks.edges.values()]).toEqual(['Latency']);
  expect(marks.edges.has(edge('orders', 'pricing').id)).toBe(true);
  expect(marksText(map, marks)).toBe('Faults on purpose: Crash on billing, Latency on orders → pricing.');
  expect(marksText(map, faultMarks(map, []))).toBe('');
});

test('a way to the broker marks everything that is sent and consumed over it', () => {
  const { edges } = faultMarks(map, [fault('orders-broker-kafka')]);
  expect([...edges.keys()].sort()).toEqual(
    [edge('orders', 'orders.events').id, edge('orders.events', 'orders').id].sort(),
  );
});
