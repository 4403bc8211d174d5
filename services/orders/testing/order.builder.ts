import type { OrderState } from '../order.ts';

/** A freshly created order for tests; pass what matters to the test. */
export function anOrder(overrides: Partial<OrderState> = {}): OrderState {
  return {
    id: '01890000-0000-7000-8000-000000000001',
    customerId: '01890000-0000-7000-8000-000000000002',
    status: 'created',
    version: 1,
    sagaId: '01890000-0000-7000-8000-000000000003',
    sagaStyle: 'choreography',
    lines: [
      {
        sku: 'LAMP-014',
        qty: 2,
        name: 'Brass lamp',
        unitPrice: { amountMinor: 1999, currency: 'EUR' },
        lineTotal: { amountMinor: 3998, currency: 'EUR' },
      },
    ],
    total: { amountMinor: 3998, currency: 'EUR' },
    quoteId: '01890000-0000-7000-8000-000000000004',
    quoteSignature: 'x'.repeat(43),
    payment: { token: 'tok_visa' },
    reservationId: null,
    released: false,
    chargeId: null,
    cancelReason: null,
    paymentDueAt: '2026-11-22T10:01:00.000Z',
    paymentSettled: false,
    stuckSince: null,
    createdAt: '2026-11-22T10:00:00.000Z',
    updatedAt: '2026-11-22T10:00:00.000Z',
    ...overrides,
  };
}
