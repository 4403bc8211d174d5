import { expect, test } from 'vitest';
import { type SagaStep, type StepId, type StepState, stepIds } from '#components/orders/saga.ts';
import { edgeState, nodeSizes, sagaLayout } from './layout.ts';

const { edges } = sagaLayout(nodeSizes.full);
const steps = (states: Partial<Record<StepId, StepState>>) =>
  new Map(stepIds.map((id) => [id, { id, state: states[id] ?? 'pending' } as SagaStep]));
const states = (of: Partial<Record<StepId, StepState>>) =>
  Object.fromEntries(edges.map((edge) => [edge.id, edgeState(edge, steps(of))]));

test('every step has a place of its own and no two overlap', () => {
  for (const size of Object.values(nodeSizes)) {
    const placed = sagaLayout(size).nodes;
    expect(placed.map(({ id }) => id).toSorted()).toEqual([...stepIds].toSorted());
    for (const a of placed) {
      for (const b of placed) {
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect(a.id === b.id || apart).toBe(true);
      }
    }
  }
});

test('an edge is taken when both its ends have happened, and next while its end runs', () => {
  expect(states({ created: 'done', screened: 'done', reserved: 'running' })).toMatchObject({
    'created-screened': 'taken',
    'screened-reserved': 'next',
    'reserved-paid': 'open',
  });
});

test('undoing leads from the step that failed, not from those that succeeded', () => {
  const declined: Partial<Record<StepId, StepState>> = {
    ...{ created: 'done', screened: 'done', reserved: 'compensated', paid: 'failed', confirmed: 'skipped' },
    ...{ compensating: 'done', released: 'done', refunded: 'skipped', cancelled: 'done', apologised: 'running' },
  };
  expect(states(declined)).toMatchObject({
    'reserved-paid': 'taken',
    'paid-compensating': 'taken',
    'compensating-released': 'taken',
    'compensating-refunded': 'closed',
    'refunded-cancelled': 'closed',
    'released-cancelled': 'taken',
    'reserved-cancelled': 'closed',
    'screened-cancelled': 'closed',
    'cancelled-apologised': 'next',
    'paid-confirmed': 'closed',
  });
});
