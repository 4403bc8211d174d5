import type { CancelReason } from '#contracts/http/orders.ts';
import type { Shortage } from './facts.ts';

/** Why an order was cancelled, in one sentence for its customer. */
export function cancelDetail(reason: CancelReason, shortages: readonly Shortage[] = []): string {
  switch (reason) {
    case 'fraud_suspected':
      return 'The fraud check did not let this order through.';
    case 'out_of_stock':
      return `There is not enough stock of ${shortages.map(({ sku }) => sku).join(', ')}.`;
    case 'payment_failed':
      return 'The card was declined and the reserved stock was given back.';
    case 'customer_request':
      return 'It was cancelled as you asked.';
    case 'payment_timeout':
      return 'The payment did not arrive in time and the reserved stock was given back.';
    case 'reservation_timeout':
      return 'The warehouse did not answer in time.';
  }
}
