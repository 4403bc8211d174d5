import { expect, test } from 'vitest';
import { fleet } from '../topology.ts';
import { stopOrder } from './stop-order.ts';

test('callers stop before what they call, and what holds data stops last', () => {
  const waves = stopOrder(fleet);
  const waveOf = (name: string) => waves.findIndex((wave) => wave.includes(name));
  expect(waves[0]).toEqual(['console']);
  for (const [caller, called] of [
    ['gateway', 'orders'],
    ['orders', 'pricing'],
    ['billing', 'payments'],
    ['orders', 'broker'],
    ['orders', 'postgres'],
    ['payments', 'telemetry'],
  ] as const) {
    expect(waveOf(caller)).toBeLessThan(waveOf(called));
  }
  expect(waves.flat().sort()).toEqual(fleet.processes.map((process) => process.name).sort());
});

test('processes that call each other stop together instead of never', () => {
  const [first] = fleet.processes;
  if (!first) throw new Error('empty fleet');
  const pair = ['a', 'b'].map((name) => ({ ...first, name, startAfter: [] }));
  const edge = { protocol: 'http' as const, description: '', variable: 'X' };
  const ring = {
    processes: pair,
    topics: [],
    edges: [
      { ...edge, from: 'a', to: 'b' },
      { ...edge, from: 'b', to: 'a' },
    ],
  };
  expect(stopOrder(ring)).toEqual([['a', 'b']]);
});
