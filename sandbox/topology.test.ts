import { expect, test } from 'vitest';
import { Topology } from '#contracts/sandbox/topology.ts';
import { publicTopology } from './fleet.ts';
import { fleet, supervisorName } from './topology.ts';

const names = new Set(fleet.processes.map((process) => process.name));
const topics = new Set(fleet.topics.map((topic) => topic.name));

test('what the control API serves is the contract and nothing more', () => {
  const served = publicTopology(fleet);
  expect(Topology.parse(served)).toEqual(served);
  expect(JSON.stringify(served)).not.toContain('SIGNING_KEY');
  expect(JSON.stringify(served)).not.toContain('AUDITOR_TOKEN');
});

test('every edge joins a process to a process or a topic', () => {
  for (const edge of fleet.edges) {
    expect(names).toContain(edge.from);
    if (edge.to !== supervisorName) expect(names.has(edge.to) || topics.has(edge.to), edge.to).toBe(true);
  }
});

test('no edge is named twice and no process gets two addresses in one variable', () => {
  const edges = fleet.edges.map((edge) => `${edge.from} ${edge.to} ${edge.protocol}`);
  expect(new Set(edges).size).toBe(edges.length);
  for (const name of names) {
    const variables = fleet.edges
      .filter((edge) => edge.from === name && !topics.has(edge.to))
      .map((edge) => edge.variable);
    expect(new Set(variables).size, name).toBe(variables.length);
  }
});

test('ports and colours are given once', () => {
  const ports = fleet.processes.flatMap((process) => Object.values(process.ports));
  expect(new Set(ports).size).toBe(ports.length);
  const colours = fleet.processes.flatMap((process) => process.colour ?? []);
  expect(new Set(colours).size).toBe(colours.length);
});

test('each topic has one publisher, its owner', () => {
  for (const topic of fleet.topics) {
    const publishers = fleet.edges.filter((edge) => edge.protocol === 'kafka-produce' && edge.to === topic.name);
    expect(publishers.map((edge) => edge.from)).toEqual([topic.owner]);
  }
});

test('start order has no ring', () => {
  const order = fleet.processes.map((process) => process.name);
  for (const process of fleet.processes) {
    for (const needed of process.startAfter) expect(order.indexOf(needed)).toBeLessThan(order.indexOf(process.name));
  }
});
