import { expect, test } from 'vitest';
import { fleet, supervisorName } from '../topology.ts';
import { createAddresses, edgeName } from './addresses.ts';
import { detourWishes, planDetours } from './detours.ts';
import type { PortTable } from './ports.ts';

const ports: PortTable = { [supervisorName]: { http: 7070 } };
for (const process of fleet.processes) ports[process.name] = { ...process.ports };
for (const { process, purpose, port } of detourWishes(fleet)) ports[process] = { ...ports[process], [purpose]: port };
const detours = planDetours(fleet, ports);
const addresses = createAddresses(fleet, ports, detours.addresses);

test('every edge but those of telemetry, control and auditor leads through a proxy of its own', () => {
  for (const edge of fleet.edges) {
    const proxy = detours.proxies.find((candidate) => candidate.name === edgeName(fleet, edge));
    const watches = edge.protocol === 'otlp' || edge.protocol === 'control' || [edge.from, edge.to].includes('auditor');
    expect(proxy === undefined, edgeName(fleet, edge)).toBe(watches);
    if (proxy) expect(proxy.listen).toBe(`127.0.0.1:${addresses.ofEdge(edge).port}`);
  }
  const listens = detours.proxies.map((proxy) => proxy.listen);
  expect(new Set(listens).size).toBe(listens.length);
});

test('a proxy leads to the port of the process that its edge speaks to', () => {
  const upstream = (name: string) => detours.proxies.find((proxy) => proxy.name === name)?.upstream;
  expect(upstream('gateway-orders-http')).toBe('127.0.0.1:8101');
  expect(upstream('orders-pricing-grpc')).toBe('127.0.0.1:50051');
  expect(upstream('billing-postgres-postgres')).toBe('127.0.0.1:5432');
  expect(upstream('billing-payments-http')).toBe('127.0.0.1:8105');
});

test('the broker tells each client the proxy through which it came', () => {
  const { upstream, listen } = detours.proxies.find((proxy) => proxy.name === 'orders-broker-kafka') ?? {};
  expect(upstream).not.toBe('127.0.0.1:9092');
  expect(detours.brokerListeners.split(',')).toContain(`${upstream?.split(':')[1]}:${listen}`);
});
