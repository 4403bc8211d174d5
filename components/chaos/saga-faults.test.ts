import { expect, test } from 'vitest';
import { arrowFaults } from './saga-faults.ts';

const steps = {
  reserved: { id: 'reserved', service: 'inventory' },
  paid: { id: 'paid', service: 'billing' },
  confirmed: { id: 'confirmed', service: 'orders' },
  committed: { id: 'committed', service: 'inventory' },
  compensating: { id: 'compensating', service: 'orders' },
  released: { id: 'released', service: 'inventory' },
} as const;
const armed = (from: keyof typeof steps, to: keyof typeof steps, style: Parameters<typeof arrowFaults>[2]) =>
  arrowFaults(steps[from], steps[to], style).map(({ fault, target }) => `${fault} ${target}`);

test('an arrow is crashed at the sender of its message and at its handler', () => {
  expect(armed('confirmed', 'committed', 'choreography')).toEqual([
    'crash-after-commit orders',
    'crash-after-ack orders',
    'crash-after-handling inventory',
  ]);
});

test('the payment can fail in its own ways', () => {
  expect(armed('reserved', 'paid', 'choreography')).toEqual([
    'crash-after-charge billing',
    'declines payments',
    'late-payment payments',
    'http-errors payments',
    'reply-lost billing-payments-http',
    'crash-after-commit inventory',
    'crash-after-ack inventory',
    'crash-after-handling billing',
  ]);
});

test('only an orchestrator can die while it compensates', () => {
  expect(armed('compensating', 'released', 'orchestration')).toContain('crash-while-compensating orders');
  expect(armed('compensating', 'released', 'choreography')).not.toContain('crash-while-compensating orders');
});
