import type { StepId } from '#components/orders/saga.ts';
import type { SagaStyle } from '#contracts/http/orders.ts';

/** A fault as a link to its form offers it. */
export type ArmChoice = { fault: string; target: string; title: string };

/** An end of an arrow: the step, and the process that takes it. */
export type ArrowEnd = { id: StepId; service: string };

const undone: readonly StepId[] = ['released', 'refunded'];

/**
 * What can be armed on an arrow of the saga: a crash of who sends or who handles its message, and what the step at its
 * point asks of others. The likeliest lesson first.
 */
export function arrowFaults(
  { service: sender }: ArrowEnd,
  { id: to, service: handler }: ArrowEnd,
  style: SagaStyle,
): ArmChoice[] {
  return [
    ...(asks[to] ?? []),
    ...(undone.includes(to) && style === 'orchestration'
      ? [{ fault: 'crash-while-compensating', target: 'orders', title: 'Orders dies while compensating' }]
      : []),
    { fault: 'crash-after-commit', target: sender, title: `${name(sender)} dies after its commit, before publishing` },
    { fault: 'crash-after-ack', target: sender, title: `${name(sender)} dies after publishing, before marking` },
    {
      fault: 'crash-after-handling',
      target: handler,
      title: `${name(handler)} dies after handling, before the offset`,
    },
  ];
}

const providerFails = { fault: 'http-errors', target: 'payments', title: 'The provider answers with HTTP errors' };

const asks: Partial<Record<StepId, readonly ArmChoice[]>> = {
  screened: [
    { fault: 'http-errors', target: 'inference', title: 'Inference answers with HTTP errors' },
    { fault: 'inference-slow', target: 'inference', title: 'Inference is slow' },
  ],
  paid: [
    { fault: 'crash-after-charge', target: 'billing', title: 'Billing dies between charge and record' },
    { fault: 'declines', target: 'payments', title: 'The payment is declined' },
    { fault: 'late-payment', target: 'payments', title: 'The payment succeeds after the timeout' },
    providerFails,
    { fault: 'reply-lost', target: 'billing-payments-http', title: 'The provider’s reply is lost' },
  ],
  released: [{ fault: 'failing-compensation', target: 'inventory', title: 'Releasing the stock fails' }],
  refunded: [{ fault: 'failing-compensation', target: 'billing', title: 'The refund fails' }, providerFails],
};

/** What can be armed for an order as a whole, where it waits for nothing. */
export const orderFaults: readonly ArmChoice[] = [
  { fault: 'grpc-errors', target: 'pricing', title: 'Pricing answers with gRPC errors' },
  ...(asks.paid ?? []),
  { fault: 'crash-after-commit', target: 'orders', title: 'Orders dies after its commit, before publishing' },
  { fault: 'broker-down', target: 'broker', title: 'The broker is down' },
];

function name(service: string): string {
  return service.charAt(0).toUpperCase() + service.slice(1);
}
