import { expect, test } from 'vitest';
import type { FaultDescription } from '#contracts/sandbox/chaos.ts';
import { chooseFault, parametersAt } from './fault-choice.ts';

const fault = (name: string, targets: readonly string[]): FaultDescription => ({
  name,
  code: 'F-00',
  title: name,
  topic: 'network',
  mechanism: '',
  expect: '',
  threatens: [],
  parameters: [],
  targets: targets.map((id) => ({ id, label: id, touches: [id] })),
});
const catalogue = [
  fault('latency', ['gateway-orders-http']),
  fault('crash', ['orders', 'billing']),
  fault('cpu', ['orders']),
];
const choose = (wanted: { fault?: string; target?: string }) => {
  const { fault, target, fitting, problem } = chooseFault(catalogue, { fault: null, target: null, ...wanted });
  return { fault: fault?.name ?? null, target: target?.id ?? null, fitting: fitting.map(({ name }) => name), problem };
};

test('an address without anything is the first fault at its first target', () => {
  expect(choose({})).toEqual({ fault: 'latency', target: 'gateway-orders-http', fitting: [], problem: null });
});

test('a target alone is the first fault that fits it', () => {
  expect(choose({ target: 'orders' })).toEqual({
    fault: 'crash',
    target: 'orders',
    fitting: ['crash', 'cpu'],
    problem: null,
  });
});

test('fault and target are what they say', () => {
  expect(choose({ fault: 'cpu', target: 'orders' })).toMatchObject({ fault: 'cpu', target: 'orders' });
});

test('a target that nothing reaches is refused by name', () => {
  const { fault, target, problem } = choose({ fault: 'crash', target: 'moon' });
  expect([fault, target]).toEqual([null, null]);
  expect(problem).toContain('No fault reaches “moon”');
});

test('a target of other faults is refused, and they are listed', () => {
  const { fault, fitting, problem } = choose({ fault: 'latency', target: 'billing' });
  expect([fault, fitting]).toEqual([null, ['crash']]);
  expect(problem).toContain('latency cannot be armed on “billing”');
});

test('an unknown fault is refused by name', () => {
  expect(choose({ fault: 'meteor' })).toMatchObject({ fault: null, fitting: [] });
  expect(choose({ fault: 'meteor' }).problem).toContain('There is no fault “meteor”');
});

test('a target’s own defaults come before the fault’s, and the address before both', () => {
  const parameter = (name: string) => ({
    ...{ name, description: '', type: 'text' as const, default: 'general' },
    ...{ minimum: null, maximum: null, choices: [] },
  });
  const parameters = ['table', 'orderId', 'other'].map(parameter);
  const target = { id: 'identity', label: '', touches: [], defaults: { table: 'oidc_record', orderId: 'x' } };
  expect(parametersAt({ parameters }, target, { orderId: 'o-1', unknown: 'y' }).map((one) => one.default)).toEqual([
    'oidc_record',
    'o-1',
    'general',
  ]);
});
